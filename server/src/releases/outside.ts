import type { Blame } from '../blame/blame.ts';
import type { Gates } from '../gates/gates.ts';
import type { TrafficTargets } from '../traffic/targets.ts';
import {
  isInForce,
  type TrafficDesired,
  TrafficError,
  type TrafficObserved,
  type TrafficTarget,
} from '../traffic/traffic-target.ts';
import type { OutsideFacts } from './facts.ts';
import { toTraffic } from './move-exposure.ts';
import { FORWARD } from './phase.ts';
import { specOf, stateOf } from './release.ts';
import type { PlacedRelease } from './repository.ts';
import type { Spec } from './spec.ts';
import type { State } from './state.ts';

export interface OutsideDependencies {
  readonly targets: Pick<TrafficTargets, 'open'>;
  readonly blame: Pick<Blame, 'judge'>;
  readonly gates: Pick<Gates, 'judge'>;
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
}

/** Less than what is left of a lease when it is used: what is sent ends while it is held. */
export const OUTSIDE_TIMEOUT_MS = 2_000;

interface Opened {
  readonly target: TrafficTarget;
  /** What this server set last, and when; undefined: nothing yet. */
  applied?: { readonly desired: TrafficDesired; readonly atMs: number };
}

/** What releases see and do outside the database. Used by the server alone that holds them; it throws nothing. */
export class Outside {
  readonly #dependencies: OutsideDependencies;
  /** Of each release. */
  readonly #opened = new Map<string, Opened>();

  constructor(dependencies: OutsideDependencies) {
    this.#dependencies = dependencies;
  }

  async observe(release: PlacedRelease, fence: number): Promise<OutsideFacts> {
    const [spec, state] = [specOf(release), stateOf(release)];
    const [traffic, verdicts, blame] = await Promise.all([
      spec.traffic === undefined ? {} : this.#readTraffic(release, spec, state, fence),
      this.#judge(release, spec, state),
      this.#accuse(release, spec, state),
    ]);
    return { ...traffic, ...verdicts, ...(blame === undefined ? {} : { blame }) };
  }

  /** Who harms, of what is out since the present exposure was seen. */
  async #accuse(release: PlacedRelease, { flags, traffic }: Spec, { phase, enteredAtMs }: State) {
    if (traffic === undefined || enteredAtMs === undefined || !FORWARD.includes(phase)) return undefined;
    const { id: releaseId, environment_id: environmentId } = release;
    return this.#dependencies.blame.judge({ releaseId, environmentId, flags, versions: traffic, sinceMs: enteredAtMs });
  }

  /** @returns what went wrong, with the fix; undefined: nothing */
  async setTraffic(release: PlacedRelease, desired: TrafficDesired, fence: number): Promise<string | undefined> {
    const [spec, state] = [specOf(release), stateOf(release)];
    return this.#guarded(release, async (opened) => {
      await this.#apply(opened, this.#withLease(spec, state, opened, desired), fence);
      return undefined;
    });
  }

  /** Lets go of targets whose releases this server does not look after any more. */
  async retain(ids: readonly string[]): Promise<void> {
    for (const id of this.#opened.keys()) if (!ids.includes(id)) await this.#forget(id);
  }

  /** Gates of the stage once its exposure is seen; those that are watched from the beginning on. */
  async #judge(release: PlacedRelease, spec: Spec, state: State): Promise<OutsideFacts> {
    const { gates } = this.#dependencies;
    const { id, project, environment, environment_id } = release;
    const subject = {
      ...{ releaseId: id, project, environment, environmentId: environment_id, attempt: state.attempt },
      ...{ flags: spec.flags, traffic: spec.traffic, migration: spec.migration },
    };
    const { phase, stage, enteredAtMs, beganAtMs } = state;
    const own = phase === 'progressing' ? (spec.stages[stage]?.gates ?? []) : [];
    const [ofStage, ofAll] = await Promise.all([
      enteredAtMs === undefined || own.length === 0
        ? undefined
        : gates.judge({ ...subject, stage, enteredAtMs, gates: own }),
      beganAtMs === undefined || spec.watch === undefined || !FORWARD.includes(phase)
        ? undefined
        : gates.judge({ ...subject, stage: 'watch', enteredAtMs: beganAtMs, gates: spec.watch }),
    ]);
    return { ...(ofStage && { gates: ofStage }), ...(ofAll && { watch: ofAll }) };
  }

  async #readTraffic(release: PlacedRelease, spec: Spec, state: State, fence: number): Promise<OutsideFacts> {
    let facts: OutsideFacts = {};
    const trafficProblem = await this.#guarded(release, async (opened) => {
      const { target } = opened;
      const read = () => target.read(AbortSignal.timeout(OUTSIDE_TIMEOUT_MS));
      const first = await read();
      const seen = (await this.#renew(spec, state, opened, first, fence)) ? await read() : first;
      const { applied } = opened;
      // One that cannot tell has what it took from this server.
      const told =
        seen.candidatePer100k === undefined && applied !== undefined ? { ...seen, ...applied.desired } : seen;
      const { capabilities } = target;
      const isOpenToOthers = capabilities.fenced && seen.fence !== undefined && seen.fence < fence;
      facts = { traffic: { ...told, capabilities, ...(isOpenToOthers ? { isOpenToOthers } : {}) } };
      return undefined;
    });
    return trafficProblem === undefined ? facts : { trafficProblem };
  }

  /**
   * Where what is out has a lease it is renewed in time, and taken away when the stages are done. What someone else set
   * is left alone: to renew it would be to expose again whom they took back.
   * @returns whether something was set
   */
  async #renew(spec: Spec, state: State, opened: Opened, seen: TrafficObserved, fence: number): Promise<boolean> {
    const { leaseSeconds } = spec;
    const { capabilities } = opened.target;
    const { set, phase, enteredAtMs } = state;
    if (leaseSeconds === undefined || !capabilities.lease || set?.trafficPer100k === undefined) return false;
    if (enteredAtMs === undefined && phase !== 'promoting') return false;
    const { applied } = opened;
    const ageMs = applied === undefined ? Number.POSITIVE_INFINITY : this.#dependencies.now() - applied.atMs;
    const isDue =
      phase === 'progressing'
        ? ageMs >= (leaseSeconds * 1000) / 3
        : applied === undefined || applied.desired.notAfterMs !== undefined;
    const hasLapsed = seen.candidatePer100k === 0 && ageMs >= leaseSeconds * 1000;
    const isOurs = seen.candidatePer100k === undefined || isInForce(seen, toTraffic(set), capabilities) || hasLapsed;
    if (!isDue || !isOurs || state.pauses.some(({ cause }) => cause === 'drift')) return false;
    await this.#apply(opened, this.#withLease(spec, state, opened, toTraffic(set)), fence);
    return true;
  }

  #withLease({ leaseSeconds }: Spec, { phase }: State, { target }: Opened, desired: TrafficDesired): TrafficDesired {
    if (leaseSeconds === undefined || phase !== 'progressing' || !target.capabilities.lease) return desired;
    return { ...desired, notAfterMs: this.#dependencies.now() + leaseSeconds * 1000 };
  }

  async #apply(opened: Opened, desired: TrafficDesired, fence: number): Promise<void> {
    await opened.target.apply(desired, fence, AbortSignal.timeout(OUTSIDE_TIMEOUT_MS));
    opened.applied = { desired, atMs: this.#dependencies.now() };
  }

  /** Opens what is not open; after a failure it is opened anew the next time. */
  async #guarded(
    release: PlacedRelease,
    work: (opened: Opened) => Promise<string | undefined>,
  ): Promise<string | undefined> {
    const key = specOf(release).traffic?.target ?? '';
    try {
      const opened = this.#opened.get(release.id) ?? (await this.#open(release, key));
      return opened === undefined
        ? `There is no traffic target "${key}" any more: make it anew, or abort.`
        : await work(opened);
    } catch (error) {
      await this.#forget(release.id);
      const said = error instanceof Error ? error.message : String(error);
      if (error instanceof TrafficError) return said;
      const isLate = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
      return isLate
        ? `Traffic target "${key}" did not answer within ${OUTSIDE_TIMEOUT_MS / 1000} s; trying again.`
        : `Traffic target "${key}" failed: ${said}`;
    }
  }

  async #open({ id, environment_id }: PlacedRelease, key: string): Promise<Opened | undefined> {
    const target = await this.#dependencies.targets.open(environment_id, key);
    if (target === undefined) return undefined;
    const opened: Opened = { target };
    this.#opened.set(id, opened);
    return opened;
  }

  async #forget(id: string): Promise<void> {
    const opened = this.#opened.get(id);
    this.#opened.delete(id);
    await opened?.target.close().catch(() => {});
  }
}
