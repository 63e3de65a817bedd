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
  type TrafficCapabilities,
  type TrafficDesired,
  TrafficError,
  type TrafficObserved,
  type TrafficTarget,
} from './traffic-target.ts';

const Settings = Type.Object(
  { ...inCluster, canary: Type.String({ ...KubernetesName, description: 'Name of the Canary' }) },
  { additionalProperties: false },
);

const CANARIES = { group: 'flagger.app', version: 'v1beta1', plural: 'canaries' } as const;
/** The spec that was released last: whether what is promoted is that, nothing else tells. */
const CANDIDATE = 'bunting/candidate';
/** Without them it goes on, or does not go back, whatever the release wants. */
const HOOKS = ['confirm-traffic-increase', 'confirm-promotion', 'rollback'] as const;

const CAPABILITIES: TrafficCapabilities = {
  ...{ atomic: false, sticky: false, lease: false, drain: true, shadow: false, fenced: false },
  // Flagger counts in percent.
  granularityPer100k: 1_000,
};

const Analysis = Type.Object({
  maxWeight: Type.Optional(Type.Integer()),
  stepWeight: Type.Optional(Type.Integer()),
  iterations: Type.Optional(Type.Integer()),
  stepWeights: Type.Optional(Type.Array(Type.Integer())),
  webhooks: Type.Optional(Type.Array(Type.Object({ type: Type.Optional(Type.String()) }))),
});
const Spec = Type.Object({ analysis: Analysis, skipAnalysis: Type.Optional(Type.Boolean()) });
const Status = Type.Object({
  phase: Type.String(),
  canaryWeight: Type.Optional(Type.Integer()),
  lastAppliedSpec: Type.Optional(Type.String()),
  lastPromotedSpec: Type.Optional(Type.String()),
});
const specs = compileValidator<Static<typeof Spec>>(Spec);
const statuses = compileValidator<Static<typeof Status>>(Status);

/**
 * A Canary of Flagger, which goes by itself and asks before each step: `release-hooks` answers. So nothing is set here; what
 * is wanted is compared with what it can do.
 */
export const flagger = trafficKind({
  kind: 'flagger',
  settings: Settings,
  secrets: ClusterSecrets,
  check: checkCluster,
  open: (settings, secrets, means) =>
    new Canary(new ClusterObject(settings, secrets, means, CANARIES, settings.canary)),
});

class Canary implements TrafficTarget {
  readonly capabilities = CAPABILITIES;
  readonly applyTimeoutMs = CLUSTER_APPLY_TIMEOUT_MS;
  readonly #object: ClusterObject;

  constructor(object: ClusterObject) {
    this.#object = object;
  }

  async read(signal: AbortSignal): Promise<TrafficObserved> {
    const canary = toCanary(await this.#object.read(signal));
    const problem = problemOf(canary);
    return { candidatePer100k: shareOf(canary), ...(problem === undefined ? {} : { problem }) };
  }

  async apply({ candidatePer100k }: TrafficDesired, _fence: number, signal: AbortSignal): Promise<void> {
    await this.#object.change((object) => {
      const canary = toCanary(object);
      if (candidatePer100k === 0) {
        if (isPromoted(canary)) {
          throw new TrafficError(
            'refused',
            'Flagger has promoted the canary and has no way back: deploy the former version.',
          );
        }
        return [];
      }
      refuseUnreachable(canary, candidatePer100k);
      const { lastAppliedSpec } = canary.status;
      if (lastAppliedSpec === undefined || canary.candidate === lastAppliedSpec) return [];
      return [{ patch: { metadata: { annotations: { [CANDIDATE]: lastAppliedSpec } } } }];
    }, signal);
  }

  async close(): Promise<void> {}
}

interface SeenCanary {
  readonly spec: Static<typeof Spec>;
  readonly status: Static<typeof Status>;
  readonly candidate: string | undefined;
}

/** @throws {TrafficError} */
function toCanary({ metadata, spec, status }: KubernetesObject): SeenCanary {
  if (!specs.is(spec))
    throw new TrafficError('refused', 'The Canary has no analysis: add one with steps and webhooks.');
  if (!statuses.is(status)) {
    throw new TrafficError('unreachable', 'Flagger has not looked at the Canary yet: check that it runs.');
  }
  return { spec, status, candidate: metadata.annotations?.[CANDIDATE] };
}

/** The primary runs what was released last. */
function isPromoted({ status, candidate }: SeenCanary): boolean {
  return candidate !== undefined && candidate === status.lastPromotedSpec;
}

function shareOf(canary: SeenCanary): number {
  const { phase, canaryWeight = 0 } = canary.status;
  if (isPromoted(canary) || phase === 'Finalising') return BUCKET_COUNT;
  // Its status says 0 in these two, while routes stay as they are until the primary has the new version.
  const isHeld = phase === 'WaitingPromotion' || phase === 'Promoting';
  return (isHeld ? (stepsOf(canary).at(-1) ?? 0) : canaryWeight) * 1_000;
}

/** In percent; none: it is switched at once. */
function stepsOf({ spec }: SeenCanary): readonly number[] {
  const { stepWeights, stepWeight = 0, maxWeight = 100, iterations = 0 } = spec.analysis;
  if (iterations > 0 || (stepWeights === undefined && stepWeight === 0)) return [];
  return stepWeights ?? Array.from({ length: Math.floor(maxWeight / stepWeight) }, (_, at) => stepWeight * (at + 1));
}

function problemOf({ spec, status }: SeenCanary): string | undefined {
  const has = new Set(spec.analysis.webhooks?.map(({ type }) => type));
  const missing = HOOKS.filter((hook) => !has.has(hook));
  if (spec.skipAnalysis === true) return 'The Canary has skipAnalysis: Flagger asks nobody. Remove it.';
  if (missing.length > 0) return `The Canary asks nobody about ${missing.join(', ')}: add webhooks of these types.`;
  return status.phase === 'Failed' ? 'Flagger gave the canary up: deploy again before the next release.' : undefined;
}

/** @throws {TrafficError} `refused` when it never comes by this share */
function refuseUnreachable(canary: SeenCanary, wanted: number): void {
  const problem = problemOf(canary);
  if (problem !== undefined) throw new TrafficError('refused', problem);
  if (wanted === BUCKET_COUNT || shareOf(canary) === wanted) return;
  const steps = stepsOf(canary);
  if (steps.some((step) => step * 1_000 === wanted)) return;
  throw new TrafficError(
    'refused',
    `The Canary has no step of ${wanted / 1_000} %: its steps are ${steps.join(', ')} %.`,
  );
}
