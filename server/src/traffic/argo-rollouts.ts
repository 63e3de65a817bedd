import { BUCKET_COUNT } from '@bunting/core';
import { type Static, Type } from '@sinclair/typebox';
import { compileValidator } from '../http/validate.ts';
import { trafficKind } from './kind.ts';
import {
  CLUSTER_APPLY_TIMEOUT_MS,
  ClusterObject,
  ClusterSecrets,
  checkCluster,
  inCluster,
  KubernetesName,
  type KubernetesObject,
} from './kubernetes.ts';
import {
  refuseStale,
  type TrafficCapabilities,
  type TrafficDesired,
  TrafficError,
  type TrafficObserved,
  type TrafficTarget,
} from './traffic-target.ts';

const Settings = Type.Object(
  { ...inCluster, rollout: Type.String({ ...KubernetesName, description: 'Name of the Rollout' }) },
  { additionalProperties: false },
);

const ROLLOUTS = { group: 'argoproj.io', version: 'v1alpha1', plural: 'rollouts' } as const;
const FENCE = 'bunting/fence';
/** The pod template that was released last: which of the two versions the stable one is, nothing else tells. */
const CANDIDATE = 'bunting/candidate';

const CAPABILITIES: TrafficCapabilities = {
  ...{ atomic: false, sticky: false, lease: false, drain: true, shadow: false, fenced: true },
  // Argo Rollouts counts in percent.
  granularityPer100k: 1_000,
};

const Step = Type.Object({
  setWeight: Type.Optional(Type.Integer()),
  pause: Type.Optional(Type.Object({ duration: Type.Optional(Type.Union([Type.String(), Type.Integer()])) })),
});
const Spec = Type.Object({
  strategy: Type.Object({
    canary: Type.Object({ steps: Type.Array(Step), trafficRouting: Type.Record(Type.String(), Type.Unknown()) }),
  }),
});
const Status = Type.Object({
  currentPodHash: Type.String(),
  stableRS: Type.String(),
  currentStepIndex: Type.Optional(Type.Integer({ minimum: 0 })),
  abort: Type.Optional(Type.Boolean()),
  pauseConditions: Type.Optional(Type.Union([Type.Array(Type.Object({ reason: Type.String() })), Type.Null()])),
  canary: Type.Optional(
    Type.Object({ weights: Type.Optional(Type.Object({ canary: Type.Object({ weight: Type.Integer() }) })) }),
  ),
});
const specs = compileValidator<Static<typeof Spec>>(Spec);
const statuses = compileValidator<Static<typeof Status>>(Status);

/**
 * A Rollout of Argo Rollouts. It has the weights in its own steps; a release promotes it from pause to pause, and aborts it.
 * What it cannot: a weight that is none of its steps, a lower one but 0, a way back after it is fully promoted.
 */
export const argoRollouts = trafficKind({
  kind: 'argo_rollouts',
  settings: Settings,
  secrets: ClusterSecrets,
  check: checkCluster,
  open: (settings, secrets, means) =>
    new Rollout(new ClusterObject(settings, secrets, means, ROLLOUTS, settings.rollout)),
});

class Rollout implements TrafficTarget {
  readonly capabilities = CAPABILITIES;
  readonly applyTimeoutMs = CLUSTER_APPLY_TIMEOUT_MS;
  readonly #object: ClusterObject;

  constructor(object: ClusterObject) {
    this.#object = object;
  }

  async read(signal: AbortSignal): Promise<TrafficObserved> {
    const rollout = toRollout(await this.#object.read(signal));
    const problem = problemOf(rollout);
    return {
      candidatePer100k: shareOf(rollout),
      ...(rollout.fence === undefined ? {} : { fence: rollout.fence }),
      ...(problem === undefined ? {} : { problem }),
    };
  }

  async apply({ candidatePer100k }: TrafficDesired, fence: number, signal: AbortSignal): Promise<void> {
    await this.#object.change((object) => {
      const rollout = toRollout(object);
      refuseStale(fence, rollout.fence);
      const status = candidatePer100k === 0 ? goBack(rollout) : goForward(rollout, candidatePer100k);
      const annotations = {
        [FENCE]: String(fence),
        ...(candidatePer100k > 0 ? { [CANDIDATE]: rollout.status.currentPodHash } : {}),
      };
      const isKnown = Object.entries(annotations).every(([name, value]) => rollout.annotations[name] === value);
      // The fence first: who comes with a lower one then changes nothing any more.
      return [
        ...(isKnown ? [] : [{ patch: { metadata: { annotations } } }]),
        ...(status === undefined ? [] : [{ subresource: 'status' as const, patch: { status } }]),
      ];
    }, signal);
  }

  async close(): Promise<void> {}
}

interface SeenRollout {
  readonly steps: readonly Static<typeof Step>[];
  readonly status: Static<typeof Status>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly fence: number | undefined;
}

/** @throws {TrafficError} `refused` when it is not of the sort that can be steered */
function toRollout({ metadata, spec, status }: KubernetesObject): SeenRollout {
  if (!specs.is(spec)) {
    throw new TrafficError('refused', 'The Rollout needs strategy.canary with steps and trafficRouting: add them.');
  }
  if (!statuses.is(status)) {
    throw new TrafficError('unreachable', 'Argo Rollouts has not looked at the Rollout yet: check that it runs.');
  }
  const { annotations = {} } = metadata;
  const fence = Number(annotations[FENCE]);
  return {
    steps: spec.strategy.canary.steps,
    status,
    annotations,
    fence: Number.isSafeInteger(fence) ? fence : undefined,
  };
}

/** Both versions are one: everyone has it. */
function isWhole({ status }: SeenRollout): boolean {
  return status.currentPodHash === status.stableRS;
}

/** The version that was released last has everyone. */
function isPromoted(rollout: SeenRollout): boolean {
  return isWhole(rollout) && rollout.annotations[CANDIDATE] === rollout.status.currentPodHash;
}

function shareOf(rollout: SeenRollout): number {
  if (isWhole(rollout)) return isPromoted(rollout) ? BUCKET_COUNT : 0;
  return (rollout.status.canary?.weights?.canary.weight ?? 0) * 1_000;
}

function problemOf({ steps, status }: SeenRollout): string | undefined {
  const timed = steps.findIndex(({ pause }) => pause?.duration !== undefined);
  if (timed >= 0) {
    return `Step ${timed + 1} of the Rollout goes on by itself after its pause: write pause: {}, so that the release decides.`;
  }
  if (status.abort !== true || status.currentPodHash === status.stableRS) return undefined;
  return 'The Rollout is aborted: deploy again, or "kubectl argo rollouts retry rollout", before the next release.';
}

/** @returns what to change of its status; undefined: nothing */
function goBack(rollout: SeenRollout): object | undefined {
  if (isPromoted(rollout)) {
    const message =
      'The Rollout is fully promoted, and Argo Rollouts has no way back from there: deploy the former version.';
    throw new TrafficError('refused', message);
  }
  return isWhole(rollout) || rollout.status.abort === true ? undefined : { abort: true };
}

/** One pause further, as long as that does not lead past what is wanted. */
function goForward(rollout: SeenRollout, wanted: number): object | undefined {
  const { steps, status } = rollout;
  const share = shareOf(rollout);
  if (isPromoted(rollout) && wanted === BUCKET_COUNT) return undefined;
  if (isWhole(rollout))
    throw new TrafficError('refused', 'The Rollout has nothing to release: deploy the candidate first.');
  if (status.abort === true) {
    throw new TrafficError('refused', 'The Rollout is aborted: "kubectl argo rollouts retry rollout" begins it again.');
  }
  if (wanted < share) throw new TrafficError('refused', 'Argo Rollouts lowers a weight to 0 only: abort the release.');
  const stops = stopsOf(steps);
  if (wanted < BUCKET_COUNT && !stops.some(({ weight }) => weight === wanted)) {
    const has = stops.map(({ weight }) => weight / 1_000).join(', ');
    throw new TrafficError('refused', `The Rollout pauses at no ${wanted / 1_000} %: its steps pause at ${has} %.`);
  }
  const isPaused = status.pauseConditions?.some(({ reason }) => reason === 'CanaryPauseStep') ?? false;
  // It is on its way to the next pause.
  if (!isPaused) return undefined;
  const next = stops.find(({ step }) => step > (status.currentStepIndex ?? 0))?.weight ?? BUCKET_COUNT;
  return next > wanted ? undefined : { pauseConditions: null };
}

/** Where it pauses, and with which share of the candidate, in 1/100 000. */
function stopsOf(steps: SeenRollout['steps']): { readonly step: number; readonly weight: number }[] {
  let weight = 0;
  return steps.flatMap(({ setWeight, pause }, step) => {
    weight = setWeight === undefined ? weight : setWeight * 1_000;
    return pause === undefined ? [] : [{ step, weight }];
  });
}
