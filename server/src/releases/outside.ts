import type { Blame } from '../blame/blame.ts';
import type { Gates } from '../gates/gates.ts';
import type { TrafficTargets } from '../traffic/targets.ts';
import { isInForce, type TrafficDesired, TrafficError, type TrafficObserved } from '../traffic/traffic-target.ts';
import { percent } from './exposure.ts';
import type { OutsideFacts } from './facts.ts';
import type { ReleaseLeases } from './leases.ts';
import { toTraffic } from './move-exposure.ts';
import { FORWARD } from './phase.ts';
import { specOf, stateOf } from './release.ts';
import type { PlacedRelease } from './repository.ts';
import type { Spec } from './spec.ts';
import type { State } from './state.ts';
import { READ_TIMEOUT_MS, SteeredTarget } from './steered-target.ts';

export interface OutsideDependencies {
  readonly targets: Pick<TrafficTargets, 'open'>;
  readonly blame: Pick<Blame, 'judge'>;
  readonly gates: Pick<Gates, 'judge'>;
  readonly leases: Pick<ReleaseLeases, 'fenceOf'>;
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
}

/** A change begins where so much of the lease is left, and is cut off where less than the second is, in milliseconds. */
const LEFT_TO_BEGIN_MS = 2_000;
const LEFT_TO_GO_ON_MS = 500;

/** What releases see and do outside the database. Used by the server alone that holds them; it throws nothing. */
export class Outside {
  readonly #dependencies: OutsideDependencies;
  /** Of each release. */
  readonly #steered = new Map<string, SteeredTarget>();
  /** Why the last change of a release's traffic failed that nobody waited for. */
  readonly #failures = new Map<string, string>();
  /** Hears of a change that has ended after nobody waited for it any more. */
  onEnd: (releaseId: string) => void = () => {};

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

  /** @returns undefined: it is set; else why it is not yet, or went wrong, with the fix */
  async setTraffic(release: PlacedRelease, desired: TrafficDesired, fence: number): Promise<OutsideFacts | undefined> {
    const [spec, state] = [specOf(release), stateOf(release)];
    return this.#guarded(release, async (steered) => {
      if (steered.underWay !== undefined) return this.#waitingFor(release, steered);
      const isSet = await this.#apply(release, steered, this.#withLease(spec, state, steered, desired), fence);
      return isSet ? undefined : this.#waitingFor(release, steered);
    });
  }

  /** Lets go of targets whose releases this server does not look after any more. */
  retain(ids: readonly string[]): void {
    for (const id of this.#steered.keys()) if (!ids.includes(id)) void this.#forget(id);
    for (const id of this.#failures.keys()) if (!ids.includes(id)) this.#failures.delete(id);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#steered.keys()].map((id) => this.#forget(id)));
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
    const facts = await this.#guarded(release, async (steered) => {
      const { target } = steered;
      if (steered.underWay !== undefined) return this.#waitingFor(release, steered);
      const first = await steered.read();
      const isSet = await this.#renew(release, spec, state, steered, first, fence);
      if (steered.underWay !== undefined) return this.#waitingFor(release, steered);
      const seen = isSet ? await steered.read() : first;
      const { applied } = steered;
      // One that cannot tell has what it took from this server.
      const told =
        seen.candidatePer100k === undefined && applied !== undefined ? { ...seen, ...applied.desired } : seen;
      const { capabilities } = target;
      const isOpenToOthers = capabilities.fenced && seen.fence !== undefined && seen.fence < fence;
      const failure = this.#failures.get(release.id);
      return {
        traffic: { ...told, capabilities, ...(isOpenToOthers ? { isOpenToOthers } : {}) },
        ...(failure === undefined ? {} : { trafficProblem: failure }),
      };
    });
    return facts ?? {};
  }

  /** What is known while a change is under way: the target may be where it was before, or where it is to be. */
  #waitingFor(release: PlacedRelease, { underWay, applyTimeoutMs, target }: SteeredTarget): OutsideFacts {
    if (underWay === undefined) return {};
    const { sinceMs, desired } = underWay;
    const { candidatePer100k } = desired;
    const failure = this.#failures.get(release.id);
    const before = failure === undefined ? '' : ` Before that: ${failure}`;
    return {
      traffic: undefined,
      applying: { candidatePer100k, sinceMs, isFenced: target.capabilities.fenced },
      trafficProblem:
        `Traffic is being set to ${percent(candidatePer100k)}, since ${new Date(sinceMs).toISOString()}; it may take ` +
        `${applyTimeoutMs / 1000} s.${before}`,
    };
  }

  /**
   * Where what is out has a lease it is renewed in time, and taken away when the stages are done. What someone else set
   * is left alone: to renew it would be to expose again whom they took back.
   * @returns whether something was set
   */
  async #renew(
    release: PlacedRelease,
    spec: Spec,
    state: State,
    steered: SteeredTarget,
    seen: TrafficObserved,
    fence: number,
  ): Promise<boolean> {
    const { leaseSeconds } = spec;
    const { capabilities } = steered.target;
    const { set, phase, enteredAtMs } = state;
    if (leaseSeconds === undefined || !capabilities.lease || set?.trafficPer100k === undefined) return false;
    if (enteredAtMs === undefined && phase !== 'promoting') return false;
    const { applied } = steered;
    const ageMs = applied === undefined ? Number.POSITIVE_INFINITY : this.#dependencies.now() - applied.atMs;
    const isDue =
      phase === 'progressing'
        ? ageMs >= (leaseSeconds * 1000) / 3
        : applied === undefined || applied.desired.notAfterMs !== undefined;
    const hasLapsed = seen.candidatePer100k === 0 && ageMs >= leaseSeconds * 1000;
    const isOurs = seen.candidatePer100k === undefined || isInForce(seen, toTraffic(set), capabilities) || hasLapsed;
    if (!isDue || !isOurs || state.pauses.some(({ cause }) => cause === 'drift')) return false;
    return this.#apply(release, steered, this.#withLease(spec, state, steered, toTraffic(set)), fence);
  }

  #withLease(
    { leaseSeconds }: Spec,
    { phase }: State,
    { target }: SteeredTarget,
    desired: TrafficDesired,
  ): TrafficDesired {
    if (leaseSeconds === undefined || phase !== 'progressing' || !target.capabilities.lease) return desired;
    return { ...desired, notAfterMs: this.#dependencies.now() + leaseSeconds * 1000 };
  }

  /** @returns whether it is set; else the change goes on, and its end is told */
  async #apply(
    release: PlacedRelease,
    steered: SteeredTarget,
    desired: TrafficDesired,
    fence: number,
  ): Promise<boolean> {
    const { id } = release;
    const { leases } = this.#dependencies;
    if (leases.fenceOf(id, LEFT_TO_BEGIN_MS) !== fence) return false;
    // What is sent ends while the release is held, unless this process is stopped in between: then the fence stops it.
    const isHeld = () => leases.fenceOf(id, LEFT_TO_GO_ON_MS) === fence;
    const isSet = await steered.apply(desired, fence, isHeld, (error) => void this.#end(release, steered, error));
    if (isSet) this.#failures.delete(id);
    return isSet;
  }

  /** @param error what a change failed with that was not waited for; undefined: it is done */
  async #end(release: PlacedRelease, { applyTimeoutMs }: SteeredTarget, error: unknown): Promise<void> {
    const { id } = release;
    if (error === undefined) this.#failures.delete(id);
    else {
      this.#failures.set(id, describe(keyOf(release), error, applyTimeoutMs));
      await this.#forget(id);
    }
    this.onEnd(id);
  }

  /** Opens what is not open; after a failure it is opened anew the next time. */
  async #guarded(
    release: PlacedRelease,
    work: (steered: SteeredTarget) => Promise<OutsideFacts | undefined>,
  ): Promise<OutsideFacts | undefined> {
    const key = keyOf(release);
    try {
      const former = this.#findFormer(release);
      if (former !== undefined) return this.#waitingFor(release, former);
      const steered = this.#steered.get(release.id) ?? (await this.#open(release, key));
      return steered === undefined
        ? { trafficProblem: `There is no traffic target "${key}" any more: make it anew, or abort.` }
        : await work(steered);
    } catch (error) {
      await this.#forget(release.id);
      return { trafficProblem: describe(key, error, READ_TIMEOUT_MS) };
    }
  }

  async #open(release: PlacedRelease, key: string): Promise<SteeredTarget | undefined> {
    const { targets, now } = this.#dependencies;
    const target = await targets.open(release.environment_id, key);
    if (target === undefined) return undefined;
    const steered = new SteeredTarget(target, placeOf(release), now);
    this.#steered.set(release.id, steered);
    return steered;
  }

  /** What a release before this one on the same target, which has ended or was taken over, has begun there. It is cut off. */
  #findFormer(release: PlacedRelease): SteeredTarget | undefined {
    const place = placeOf(release);
    for (const [id, steered] of this.#steered) {
      if (id === release.id || steered.place !== place || steered.underWay === undefined) continue;
      void this.#forget(id);
      return steered;
    }
    return undefined;
  }

  /** It stays known until what is under way has ended: no other change begins before that. */
  async #forget(id: string): Promise<void> {
    const steered = this.#steered.get(id);
    await steered?.stop();
    if (this.#steered.get(id) === steered) this.#steered.delete(id);
    await steered?.target.close().catch(() => {});
  }
}

function keyOf(release: PlacedRelease): string {
  return specOf(release).traffic?.target ?? '';
}

function placeOf(release: PlacedRelease): string {
  return `${release.environment_id} ${keyOf(release)}`;
}

function describe(key: string, error: unknown, timeoutMs: number): string {
  if (error instanceof TrafficError) return error.message;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'TimeoutError')
    return `Traffic target "${key}" was not done within ${timeoutMs / 1000} s; trying again.`;
  if (name === 'AbortError')
    return `A change of traffic target "${key}" was cut off: another server may hold the release.`;
  return `Traffic target "${key}" failed: ${message}`;
}
