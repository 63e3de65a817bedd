import type { Static } from '@sinclair/typebox';
import type { Changes } from '../changes/changes.ts';
import type { Follower } from '../changes/follower.ts';
import type { Kills } from '../kills/kills.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { Database } from '../store/tables.ts';
import type { ReadinessSchema } from './schemas.ts';

export interface ReadinessDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly rulesets: Rulesets;
  readonly kills: Kills;
  /** Where the database is PostgreSQL. */
  readonly follower: Follower | undefined;
}

/**
 * Whether traffic should come here. A lost database does not make the server unready: it goes on serving flags from
 * memory, and taking it out of rotation would take them away too.
 */
export class Readiness {
  readonly #dependencies: ReadinessDependencies;
  #isDraining = false;

  constructor(dependencies: ReadinessDependencies) {
    this.#dependencies = dependencies;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** From now on the server answers that it is not ready. */
  drain(): void {
    this.#isDraining = true;
  }

  async check(): Promise<Static<typeof ReadinessSchema>> {
    const { rulesets, kills, follower } = this.#dependencies;
    const database = (await this.#isDatabaseFine()) ? 'ok' : 'failing';
    const unstoredKills = kills.unstored;
    const isFine = database === 'ok' && unstoredKills === 0;
    const status = this.#isDraining ? 'draining' : isFine ? 'ready' : 'degraded';
    const engine = follower === undefined ? 'sqlite' : 'postgres';
    const notifications = follower === undefined ? 'none' : follower.isListening ? 'listening' : 'polling';
    return { status, database, engine, notifications, environments: rulesets.size, unstoredKills };
  }

  /** PostgreSQL is not asked here: who asks for readiness must not wait for a database that hangs. */
  async #isDatabaseFine(): Promise<boolean> {
    const { database, changes, follower } = this.#dependencies;
    if (changes.failing) return false;
    if (follower !== undefined) return follower.isDatabaseFine;
    try {
      await database.selectFrom('projects').select('id').limit(1).execute();
      return true;
    } catch {
      return false;
    }
  }
}
