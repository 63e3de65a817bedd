import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { ALL_POWERS } from '../access/powers.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { MigrationGuard } from '../flags/migration-guard.ts';
import { ApiError, type ErrorCode } from '../http/api-error.ts';
import type { Kills } from '../kills/kills.ts';
import { coalesce } from '../store/coalesce.ts';
import type { Database } from '../store/tables.ts';
import { type Obeyed, obey } from './command.ts';
import { type Gathered, gather } from './gather.ts';
import { keep } from './keep.ts';
import { type Next, next } from './machine.ts';
import { specOf, stateOf } from './release.ts';
import { findReleasesAtWork, type PlacedRelease, saveRelease } from './repository.ts';

export interface ReleaseEngineDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly kills: Pick<Kills, 'find'>;
  readonly migrations: MigrationGuard;
  readonly log: FastifyBaseLogger;
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
}

const LOOK_EVERY_MS = 1_000;
/** Steps of one release that a look may make: to enter a stage takes three. */
const MAX_STEPS = 10;

/** Someone else made the step, or the database is away: the next look sees what is. */
const PASSING: readonly ErrorCode[] = ['conflict', 'store_unavailable', 'store_outcome_unknown', 'shutting_down'];

/**
 * Looks after releases that are under way. Every server does: a step is one transaction that names the version of the release
 * it follows, so each is made once, whoever dies and whenever.
 */
export class ReleaseEngine {
  readonly #dependencies: ReleaseEngineDependencies;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  /** Looks at all now; who asks during a look shares the next. */
  readonly look = coalesce(() => this.#lookAtAll());

  constructor(dependencies: ReleaseEngineDependencies) {
    this.#dependencies = dependencies;
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      // The database is away: exposure stays as it is until it is back.
      await this.look().catch((error: unknown) =>
        this.#dependencies.log.debug({ err: error }, 'releases could not be looked at'),
      );
      await wait(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  async #lookAtAll(): Promise<void> {
    const { database, now, log } = this.#dependencies;
    for (const release of await findReleasesAtWork(database, now())) {
      if (this.#closing.signal.aborted) return;
      await this.#lookAt(release).catch((error: unknown) =>
        log.warn({ err: error, release: release.id }, 'a release could not be looked after; trying again'),
      );
    }
  }

  async #lookAt(release: PlacedRelease): Promise<void> {
    let present: PlacedRelease | undefined = release;
    for (let steps = 0; present !== undefined && steps < MAX_STEPS; steps++) present = await this.#step(present);
  }

  /** @returns the release after one step; undefined when there is nothing to do now */
  async #step(release: PlacedRelease): Promise<PlacedRelease | undefined> {
    const { database, changes, kills, migrations, now, log } = this.#dependencies;
    if (isNothing(release, decide(release, await gather(database, kills, release, now())))) return undefined;
    const caller = callerOf(release);
    try {
      const { result } = await changes.commit(caller, async (draft) => {
        // Looked at again inside: what is decided rests on what the transaction sees.
        const gathered = await gather(draft.tx, kills, release, draft.atMs);
        const step = decide(release, gathered);
        if (isNothing(release, step)) return undefined;
        const kept = await keep(draft, migrations, caller, release, gathered, step);
        return { kept, decision: step.decision };
      });
      if (result?.decision !== undefined) log.info({ release: release.id, decision: result.decision }, 'release');
      return result?.kept;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!PASSING.includes(error.code)) await this.#note(release, error.message);
      return undefined;
    }
  }

  /** Keeps why a step could not be made, for whoever looks at the release. */
  async #note(release: PlacedRelease, obstacle: string): Promise<void> {
    const state = stateOf(release);
    if (state.obstacle === obstacle) return;
    const { project: _, environment: __, ...row } = release;
    const text = JSON.stringify({ ...state, obstacle });
    await this.#dependencies.changes.commit(callerOf(release), (draft) =>
      saveRelease(draft.tx, { ...row, state: text, version: row.version + 1, updated_at: draft.atMs }),
    );
  }
}

function decide(release: PlacedRelease, { facts }: Gathered): Next | Obeyed {
  const [spec, state] = [specOf(release), stateOf(release)];
  return state.phase === 'scheduled' ? obey(spec, state, { name: 'start' }, facts) : next(spec, state, facts);
}

function isNothing({ state }: PlacedRelease, step: Next): boolean {
  return step.decision === undefined && step.setPer100k === undefined && JSON.stringify(step.state) === state;
}

/** What a release does was approved with it; what it undoes waits for nobody. */
function callerOf({ id, title }: PlacedRelease): Caller {
  const actor = { kind: 'system', id, name: `Release "${title}"` } as const;
  return { actor, ...ALL_POWERS, comment: `Release ${id}: ${title}`.slice(0, 1000) };
}
