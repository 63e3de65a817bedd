import type { FastifyBaseLogger } from 'fastify';
import { Counter, type Registry } from 'prom-client';
import { ALL_POWERS } from '../access/powers.ts';
import type { Caller } from '../audit/actor.ts';
import { ApiError } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { Kills } from '../kills/kills.ts';
import type { Releases } from '../releases/service.ts';
import { newId } from '../store/new-id.ts';
import { isStoreFailure } from '../store/store-failure.ts';
import type { Growth, Hold } from './growth.ts';
import {
  ACTIONS,
  type Action,
  type Cause,
  type FlagTarget,
  LIMITS,
  type Limits,
  type Mode,
  type Outcome,
  RESULTS,
  type Request,
} from './intervention.ts';
import type { OutcomeLog } from './outcome-log.ts';
import { findRestraint } from './restraint.ts';

/** What is refused is recorded once an hour for each cause and target, however often it is asked for. */
const TELL_AGAIN_MS = 60 * 60 * 1000;
const MAX_TOLD = 10_000;
/** Of the reason of a kill, in characters. */
const MAX_REASON_LENGTH = 500;

export interface InterventionsDependencies {
  readonly kills: Pick<Kills, 'engage' | 'latest' | 'inForce'>;
  /** What a pause stops. */
  readonly growths: readonly Growth[];
  readonly releases: Pick<Releases, 'abort'>;
  readonly outcomes: Pick<OutcomeLog, 'add'>;
  readonly registry: Registry;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
}

type Judged = Pick<Outcome, 'result' | 'reason' | 'killEpoch' | 'againAtMs'>;
type Listener = (outcome: Outcome, cause: Cause) => void;

/**
 * The one door through which the server acts by itself, whatever made it. What goes through lowers exposure or leaves it:
 * a kill serves the safe variant, a pause stops ramps and releases where they are, an abort takes a release back, and nothing here ends a kill.
 */
export class Interventions {
  readonly #dependencies: InterventionsDependencies;
  readonly #counter: Counter<'action' | 'result'>;
  readonly #listeners = new Set<Listener>();
  /** When what was refused was recorded, oldest first. */
  readonly #told = new Map<string, number>();

  constructor(dependencies: InterventionsDependencies) {
    this.#dependencies = dependencies;
    this.#counter = new Counter({
      name: 'bunting_interventions_total',
      help: 'What signals and safeguards asked for, on one flag in one environment each, and what became of it',
      labelNames: ['action', 'result'] as const,
      registers: [dependencies.registry],
    });
    // Prometheus cannot see the first of a series that begins with it.
    for (const action of ACTIONS) for (const result of RESULTS) this.#counter.inc({ action, result }, 0);
  }

  /**
   * Acts at once, and waits a while for kills to be stored. A kill needs no database. Never throws or rejects.
   */
  async act({ cause, action, targets, mode, limits = LIMITS }: Request): Promise<Outcome[]> {
    const running = targets.map((target) => this.#actOn(target, { cause, action, mode, limits }));
    return (await Promise.all(running)).flat();
  }

  /** Ends what a cause has paused. It goes on from where it is, and never ends a kill. Never rejects. */
  lift(cause: Cause, targets: readonly FlagTarget[]): Promise<Outcome[]> {
    const asked = { cause, action: 'pause', mode: 'armed' } as const;
    const running = targets.map(async (target) => {
      const judged = await this.#guard(target, async () => {
        let isLifted = false;
        for (const growth of this.#dependencies.growths) {
          isLifted = (await growth.resume(callerOf(cause), target, holdOf(cause))) || isLifted;
        }
        if (!isLifted) return { result: 'already', reason: 'It pauses nothing any more.' };
        return { result: 'lifted', reason: `Paused no longer: ${cause.summary}` };
      });
      return this.#record(target, asked, judged);
    });
    return Promise.all(running);
  }

  /** What would become of it now: nothing is done or recorded. */
  foresee({ cause, action, targets, mode, limits = LIMITS }: Request): (Judged & Pick<Outcome, 'target'>)[] {
    return targets.map((target) => {
      const restraint = action === 'kill' ? this.#findRestraint(target, cause, limits) : undefined;
      return { target, ...(restraint ?? { result: mode === 'armed' ? 'acted' : 'would_have', reason: cause.summary }) };
    });
  }

  /** Records that a cause asked for what it may not. */
  refuse({ cause, action, targets, mode }: Request, reason: string): Outcome[] {
    return targets.map((target) => this.#record(target, { cause, action, mode }, { result: 'not_allowed', reason }));
  }

  /** `listener` hears of every outcome that is recorded. @returns how to stop it */
  onOutcome(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #actOn(target: FlagTarget, request: Asked & { readonly limits: Limits }): Promise<Outcome[]> {
    const { action } = request;
    const outcome = this.#record(target, request, await this.#guard(target, () => this.#judge(target, request)));
    if (action !== 'kill' || outcome.result !== 'rate_limited') return [outcome];
    // A source that has run wild, or an outage: what grows stops growing, and people decide.
    return [outcome, ...(await this.#actOn(target, { ...request, action: 'pause' }))];
  }

  async #guard(target: FlagTarget, work: () => Promise<Judged>): Promise<Judged> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ApiError) return { result: 'not_allowed', reason: error.message };
      this.#dependencies.log.error({ err: error, target }, 'an intervention failed');
      if (isStoreFailure(error)) return { result: 'failed', reason: 'The database did not take it.' };
      return { result: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  async #judge(
    target: FlagTarget,
    { cause, action, mode, limits }: Asked & { readonly limits: Limits },
  ): Promise<Judged> {
    if (action === 'notify') return { result: 'acted', reason: cause.summary };
    if (action === 'rollback') {
      return { result: 'not_allowed', reason: 'A flag takes no rollback: choose notify, pause, abort or kill.' };
    }
    const restraint = action === 'kill' ? this.#findRestraint(target, cause, limits) : undefined;
    if (restraint !== undefined) return restraint;
    if (mode === 'dry_run') {
      const at = toTimestamp(this.#dependencies.now());
      return { result: 'would_have', reason: `Would have ${DONE[action]} it at ${at}: ${cause.summary}` };
    }
    if (action === 'kill') return this.#kill(target, cause);
    return action === 'pause' ? this.#pause(target, cause) : this.#abort(target, cause);
  }

  async #kill(target: FlagTarget, cause: Cause): Promise<Judged> {
    const { epoch, by } = await this.#dependencies.kills.engage(callerOf(cause), target, toReason(cause), cause);
    if (by.kind === cause.actor.kind && by.id === cause.actor.id) {
      return { result: 'acted', reason: cause.summary, killEpoch: epoch };
    }
    return { result: 'already', reason: `${by.name} killed it at the same moment.`, killEpoch: epoch };
  }

  async #pause(target: FlagTarget, cause: Cause): Promise<Judged> {
    let isHeld = false;
    for (const growth of this.#dependencies.growths) {
      isHeld = (await growth.hold(callerOf(cause), target, holdOf(cause))) || isHeld;
    }
    if (isHeld) return { result: 'acted', reason: cause.summary };
    return { result: 'already', reason: 'Nothing there grows by itself: no ramp, and no release under way.' };
  }

  /** Sends the release that a flag is in back to where it came from. Unlike a kill it leaves no latch. */
  async #abort(target: FlagTarget, cause: Cause): Promise<Judged> {
    const isAborted = await this.#dependencies.releases.abort(callerOf(cause), target, toReason(cause));
    if (isAborted) return { result: 'acted', reason: cause.summary };
    return { result: 'already', reason: 'It is in no release that leads forward.' };
  }

  #findRestraint(target: FlagTarget, cause: Cause, limits: Limits): Judged | undefined {
    const { kills, now } = this.#dependencies;
    const known = { latest: kills.latest(target), here: kills.inForce(target), everywhere: kills.inForce() };
    return findRestraint(cause, target, known, limits, now());
  }

  #record(target: FlagTarget, { cause, action, mode }: Asked, judged: Judged): Outcome {
    const atMs = this.#dependencies.now();
    const outcome = { id: newId(atMs), action, target, atMs, ...judged };
    this.#counter.inc({ action, result: outcome.result });
    if (!this.#isNews(outcome, cause)) return outcome;
    this.#dependencies.outcomes.add(outcome, cause, mode);
    for (const listener of this.#listeners) {
      try {
        listener(outcome, cause);
      } catch (error) {
        this.#dependencies.log.error({ err: error }, 'a listener to interventions failed');
      }
    }
    return outcome;
  }

  #isNews({ action, target, result, atMs }: Outcome, { kind, id, episode }: Cause): boolean {
    if (result === 'acted') return true;
    // What a signal led to is told for each of its episodes; that it led to nothing is not, however many a flood brings.
    const time = result === 'would_have' || result === 'lifted' ? episode : undefined;
    const name = JSON.stringify([kind, id, time, target.project, target.environment, target.flag, action, result]);
    const toldAtMs = this.#told.get(name);
    if (toldAtMs !== undefined && atMs < toldAtMs + TELL_AGAIN_MS) return false;
    this.#told.delete(name);
    this.#told.set(name, atMs);
    const [oldest] = this.#told.keys();
    if (this.#told.size > MAX_TOLD && oldest !== undefined) this.#told.delete(oldest);
    return true;
  }
}

interface Asked {
  readonly cause: Cause;
  readonly action: Action;
  readonly mode: Mode;
}

function callerOf({ actor }: Cause): Caller {
  return { actor, ...ALL_POWERS };
}

/** What it pauses is held under this id, so that it ends its own holds only. A drill kills and never pauses. */
function holdOf(cause: Cause): Hold {
  const { kind, id, name, episode } = cause;
  return {
    id: [kind, id, ...(episode === undefined ? [] : [episode])].join(':'),
    kind: kind === 'drill' ? 'signal' : kind,
    name,
    reason: toReason(cause),
  };
}

const DONE = { kill: 'killed', pause: 'paused', abort: 'aborted the release of' } as const;

/** Something to read, which every database takes. */
function toReason({ name, summary }: Cause): string {
  const text = summary.replaceAll('\u0000', '').trim().slice(0, MAX_REASON_LENGTH);
  return text === '' ? name.slice(0, MAX_REASON_LENGTH) : text;
}
