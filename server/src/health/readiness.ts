import type { Static } from '@sinclair/typebox';
import type { Changes } from '../changes/changes.ts';
import type { Kills } from '../kills/kills.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { Database } from '../store/tables.ts';
import type { ReadinessSchema } from './schemas.ts';

/**
 * Whether traffic should come here. A lost database does not make the server unready: it goes on serving flags from
 * memory, and taking it out of rotation would take them away too.
 */
export class Readiness {
  readonly #database: Database;
  readonly #changes: Changes;
  readonly #rulesets: Rulesets;
  readonly #kills: Kills;
  #isDraining = false;

  constructor(database: Database, changes: Changes, rulesets: Rulesets, kills: Kills) {
    this.#database = database;
    this.#changes = changes;
    this.#rulesets = rulesets;
    this.#kills = kills;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** From now on the server answers that it is not ready. */
  drain(): void {
    this.#isDraining = true;
  }

  async check(): Promise<Static<typeof ReadinessSchema>> {
    const database = (await this.#isDatabaseFine()) ? 'ok' : 'failing';
    const unstoredKills = this.#kills.unstored;
    const isFine = database === 'ok' && unstoredKills === 0;
    const status = this.#isDraining ? 'draining' : isFine ? 'ready' : 'degraded';
    return { status, database, environments: this.#rulesets.size, unstoredKills };
  }

  async #isDatabaseFine(): Promise<boolean> {
    if (this.#changes.failing) return false;
    try {
      await this.#database.selectFrom('projects').select('id').limit(1).execute();
      return true;
    } catch {
      return false;
    }
  }
}
