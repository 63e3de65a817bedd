import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { ALL_POWERS } from '../access/powers.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { ApiError, type ErrorCode } from '../http/api-error.ts';
import { coalesce } from '../store/coalesce.ts';
import type { Database } from '../store/tables.ts';
import { type Obeyed, obey } from './command.ts';
import type { OutsideFacts } from './facts.ts';
import { type Gathered, gather, type Surroundings } from './gather.ts';
import { keep } from './keep.ts';
import { findSeen, type ReleaseLeases } from './leases.ts';
import { next } from './machine.ts';
import type { Next } from './next.ts';
import type { Outside } from './outside.ts';
import { specOf, stateOf } from './release.ts';
import { findPlacedRelease, findReleasesAtWork, type PlacedRelease, saveRelease } from './repository.ts';
import type { Spec } from './spec.ts';

export interface ReleaseEngineDependencies extends Surroundings {
  readonly database: Database;
  readonly changes: Changes;
  readonly leases: ReleaseLeases;
  readonly outside: Outside;
  readonly log: FastifyBaseLogger;
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
}

const LOOK_EVERY_MS = 1_000;
/** Looks that come so late are no reason yet to say that nobody looks. */
const LATE_MS = 3_000;
/** Steps of one release that a look may make: to enter a stage takes three, and two more for its traffic. */
const MAX_STEPS = 12;

/** Someone else made the step, or the database is away: the next look sees what is. */
const PASSING: readonly ErrorCode[] = ['conflict', 'store_unavailable', 'store_outcome_unknown', 'shutting_down'];

/** What one look of the holder saw outside; `at` says of which moment of the release. */
interface View {
  readonly fence: number;
  readonly at: string;
  readonly facts: OutsideFacts;
}

/**
 * Looks after releases that are under way. Every server does: a step is one transaction that names the version of the release
 * it follows, so each is made once, whoever dies and whenever. What is outside is looked at, and set, by the server that
 * holds the release; the others see nothing of it, and so do not go on where it matters. While nobody holds it nobody
 * watches it: that time does not count.
 */
export class ReleaseEngine {
  readonly #dependencies: ReleaseEngineDependencies;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  readonly #looks = new Map<string, () => Promise<void>>();
  /** When this server last saw which releases there are, by `performance.now()`. */
  #sawAtMs = performance.now();
  /** Looks at all now; who asks during a look shares the next. */
  readonly look = coalesce(async () => {
    await Promise.all(await this.#begin());
  });

  constructor(dependencies: ReleaseEngineDependencies) {
    this.#dependencies = dependencies;
    // What waited for it need not wait for the next look.
    dependencies.outside.onEnd = (id) => void this.#lookOf(id);
    this.#running = this.#run();
  }

  /**
   * How long ago this server looked after releases, in milliseconds; 0: it does. It vouches for what they have out only as long
   * as it reaches the database and looks.
   */
  readonly idleMs = (): number => {
    const idleMs = performance.now() - this.#sawAtMs;
    return idleMs <= LATE_MS ? 0 : idleMs;
  };

  /**
   * Looks at one now. Never rejects: what cannot be looked at is looked at again a second later, and what led to this is done.
   * @param isUrgent a way back, which does not wait for whoever holds the release, where an old fence is refused
   */
  async lookAt(id: string, isUrgent = false): Promise<void> {
    try {
      if (this.#closing.signal.aborted) return;
      await this.#takeOrCall(id, isUrgent);
    } catch (error) {
      this.#dependencies.log.warn({ err: error, release: id }, 'a release could not be taken up at once');
    }
    await this.#lookOf(id);
  }

  /** Another server was told something about a release: whoever holds it looks at once. */
  async heed(id: string): Promise<void> {
    if (this.#dependencies.leases.fenceOf(id) !== undefined) await this.#lookOf(id);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    await Promise.all([...this.#looks.values()].map((look) => look().catch(() => {})));
    await this.#dependencies.outside.close();
    await this.#dependencies.leases.close().catch(() => {});
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      // One whose target hangs holds up no other, nor the leases.
      // The database is away: exposure stays as it is until it is back.
      await this.#begin().catch((error: unknown) =>
        this.#dependencies.log.debug({ err: error }, 'releases could not be looked at'),
      );
      await wait(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  /** Begins a look at each release that is under way. @returns the looks, which do not fail */
  async #begin(): Promise<readonly Promise<void>[]> {
    const { database, leases, outside, now } = this.#dependencies;
    const releases = await findReleasesAtWork(database, now());
    this.#sawAtMs = performance.now();
    const ids = releases.map(({ id }) => id);
    for (const id of this.#looks.keys()) if (!ids.includes(id)) this.#looks.delete(id);
    await leases.claim(ids);
    outside.retain(ids.filter((id) => leases.fenceOf(id) !== undefined));
    return ids.map((id) => this.#lookOf(id));
  }

  /** Has whoever looks after a release look: this server, where nobody else does. */
  async #takeOrCall(id: string, isUrgent: boolean): Promise<void> {
    const { database, leases } = this.#dependencies;
    if (leases.fenceOf(id) !== undefined) return;
    const seen = isUrgent ? await findSeen(database, id) : undefined;
    await leases.claim([id], seen?.traffic?.capabilities.fenced ?? seen?.applying?.isFenced);
    if (leases.fenceOf(id) === undefined) await leases.callHolder(id);
  }

  #lookOf(id: string): Promise<void> {
    let look = this.#looks.get(id);
    if (look === undefined) {
      look = coalesce(() => this.#lookThrough(id));
      this.#looks.set(id, look);
    }
    return look();
  }

  async #lookThrough(id: string): Promise<void> {
    const { database, log } = this.#dependencies;
    try {
      if (this.#closing.signal.aborted) return;
      let present = await findPlacedRelease(database, id);
      let view: View | undefined;
      for (let steps = 0; present !== undefined && steps < MAX_STEPS; steps++) {
        view = await this.#see(present, view);
        const made: Made = await this.#step(present, view);
        if (made.isSet) view = undefined;
        present = made.release;
      }
    } catch (error) {
      log.warn({ err: error, release: id }, 'a release could not be looked after; trying again');
    }
  }

  /** What is outside, as it is at this moment of the release; undefined: this server does not hold it. */
  async #see(release: PlacedRelease, before: View | undefined): Promise<View | undefined> {
    const { leases, outside } = this.#dependencies;
    const spec = specOf(release);
    const fence = leases.fenceOf(release.id);
    if (fence === undefined || !needsHolder(spec)) return undefined;
    const { phase, attempt, stage, enteredAtMs } = stateOf(release);
    // What was seen of one stage says nothing about the next.
    const at = [phase, attempt, stage, enteredAtMs].join(' ');
    if (before !== undefined && before.at === at && before.fence === fence) return before;
    const facts = await outside.observe(release, fence);
    await leases.tell(release.id, facts);
    return { fence, at, facts };
  }

  async #step(release: PlacedRelease, view: View | undefined): Promise<Made> {
    const { database, changes, leases, now, log } = this.#dependencies;
    const first = decide(release, await gather(database, this.#dependencies, release, now(), view?.facts));
    if (isNothing(release, first)) return this.#setTraffic(release, first, view);
    const caller = callerOf(release);
    try {
      const { result } = await changes.commit(caller, async (draft) => {
        await leases.requireHeld(draft.tx, release.id, view?.fence);
        // Looked at again inside: what is decided rests on what the transaction sees.
        const gathered = await gather(draft.tx, this.#dependencies, release, draft.atMs, view?.facts);
        const step = decide(release, gathered);
        if (isNothing(release, step)) return undefined;
        const kept = await keep(draft, this.#dependencies, caller, release, gathered, step);
        return { kept, decision: step.decision };
      });
      if (result?.decision !== undefined) log.info({ release: release.id, decision: result.decision }, 'release');
      return { release: result?.kept };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!PASSING.includes(error.code)) await this.#note(release, error.message);
      return {};
    }
  }

  /** What the state says already, done outside; whether it worked is seen by reading it. */
  async #setTraffic(release: PlacedRelease, { setTraffic }: Next, view: View | undefined): Promise<Made> {
    const { leases, outside, log } = this.#dependencies;
    if (setTraffic === undefined || view === undefined) return {};
    const notYet = await outside.setTraffic(release, setTraffic, view.fence);
    if (notYet === undefined) {
      log.info({ release: release.id, ...setTraffic, fence: view.fence }, 'traffic is set');
      return { release, isSet: true };
    }
    await leases.tell(release.id, { ...view.facts, ...notYet });
    return {};
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

/** What became of one step. */
interface Made {
  /** After it; undefined: there is nothing to do now. */
  readonly release?: PlacedRelease | undefined;
  /** Something outside was set: what was seen before is old. */
  readonly isSet?: boolean;
}

/** Whether a release has anything to do outside the database. */
function needsHolder({ traffic, watch, stages }: Spec): boolean {
  return traffic !== undefined || watch !== undefined || stages.some(({ gates }) => gates !== undefined);
}

function decide(release: PlacedRelease, { facts }: Gathered): Next | Obeyed {
  const [spec, state] = [specOf(release), stateOf(release)];
  const isDue =
    state.phase === 'scheduled' && (release.starts_at ?? 0) <= facts.nowMs && facts.unapproved === undefined;
  return isDue ? obey(spec, state, { name: 'start' }, facts) : next(spec, state, facts);
}

function isNothing({ state }: PlacedRelease, step: Next): boolean {
  return step.decision === undefined && step.setFlagsPer100k === undefined && JSON.stringify(step.state) === state;
}

/** What a release does was approved with it; what it undoes waits for nobody. */
function callerOf({ id, title }: PlacedRelease): Caller {
  const actor = { kind: 'system', id, name: `Release "${title}"` } as const;
  return { actor, ...ALL_POWERS, comment: `Release ${id}: ${title}`.slice(0, 1000) };
}
