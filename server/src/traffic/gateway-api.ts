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
  {
    ...inCluster,
    route: Type.String({ ...KubernetesName, description: 'Name of the HTTPRoute' }),
    services: Type.Object({ candidate: KubernetesName, baseline: KubernetesName }, { additionalProperties: false }),
  },
  { additionalProperties: false },
);
type Settings = Static<typeof Settings>;

const ROUTES = { group: 'gateway.networking.k8s.io', version: 'v1', plural: 'httproutes' } as const;
const FENCE = 'bunting/fence';
/** The generation that a release made of the route, and the share that was in force before it, in 1/100 000. */
const FORMER = 'bunting/former';

/** Gateways take a change over one by one; requests that are under way end. */
const CAPABILITIES: TrafficCapabilities = {
  ...{ atomic: false, sticky: false, lease: false, drain: true, shadow: false, fenced: true },
  granularityPer100k: 1,
};

/** What is read of a route; the rest of it is kept as it is. */
const Backend = Type.Object({ name: Type.String(), weight: Type.Optional(Type.Integer()) });
const Spec = Type.Object({ rules: Type.Array(Type.Object({ backendRefs: Type.Optional(Type.Array(Backend)) })) });
const Condition = Type.Object({
  type: Type.String(),
  status: Type.String(),
  observedGeneration: Type.Optional(Type.Integer()),
  message: Type.Optional(Type.String()),
});
const Status = Type.Object({ parents: Type.Array(Type.Object({ conditions: Type.Array(Condition) })) });
type Rule = Static<typeof Spec>['rules'][number];
const specs = compileValidator<Static<typeof Spec>>(Spec);
const statuses = compileValidator<Static<typeof Status>>(Status);

/** Weights of an HTTPRoute of the Kubernetes Gateway API, in all its rules that have both services. */
export const gatewayApi = trafficKind({
  kind: 'gateway_api',
  settings: Settings,
  secrets: ClusterSecrets,
  check(settings, means) {
    const { candidate, baseline } = settings.services;
    const problems = checkCluster(settings, means);
    if (candidate === baseline) problems.push({ path: 'services.baseline', message: 'must be another than candidate' });
    return problems;
  },
  open: (settings, secrets, means) =>
    new HttpRoute(settings, new ClusterObject(settings, secrets, means, ROUTES, settings.route)),
});

class HttpRoute implements TrafficTarget {
  readonly capabilities = CAPABILITIES;
  readonly applyTimeoutMs = CLUSTER_APPLY_TIMEOUT_MS;
  readonly #settings: Settings;
  readonly #object: ClusterObject;

  constructor(settings: Settings, object: ClusterObject) {
    this.#settings = settings;
    this.#object = object;
  }

  async read(signal: AbortSignal): Promise<TrafficObserved> {
    const route = await this.#object.read(signal);
    const rules = this.#rulesOf(route).filter((rule) => this.#isOurs(rule));
    const fence = fenceOf(route);
    const known = fence === undefined ? {} : { fence };
    const shares = new Set(rules.map((rule) => this.#shareOf(rule)));
    // Whatever is wanted, the largest is what is too much, or not the same.
    const share = Math.max(...shares);
    if (shares.size > 1) {
      return { ...known, candidatePer100k: share, problem: 'Its rules have different weights: set the same for each.' };
    }
    const problem = problemOf(route);
    if (problem === undefined) return { ...known, candidatePer100k: share };
    // What gateways have not taken over is not in force: what was there before is.
    return { ...known, candidatePer100k: formerOf(route) ?? share, problem };
  }

  async apply({ candidatePer100k }: TrafficDesired, fence: number, signal: AbortSignal): Promise<void> {
    await this.#object.change((route) => {
      const seen = fenceOf(route);
      refuseStale(fence, seen);
      const rules = this.#rulesOf(route);
      const isThere = rules.every((rule) => !this.#isOurs(rule) || this.#shareOf(rule) === candidatePer100k);
      if (isThere && seen === fence) return [];
      const weighed = rules.map((rule) => (this.#isOurs(rule) ? this.#weigh(rule, candidatePer100k) : rule));
      const former = Math.max(
        ...rules.map((rule) => (this.#isOurs(rule) ? this.#shareOf(rule) : 0)),
        formerOf(route) ?? 0,
      );
      const annotations = {
        [FENCE]: String(fence),
        ...(isThere ? {} : { [FORMER]: `${(route.metadata.generation ?? 0) + 1} ${former}` }),
      };
      // Lists are replaced as a whole by a merge patch.
      return [{ patch: { metadata: { annotations }, spec: { rules: weighed } } }];
    }, signal);
  }

  async close(): Promise<void> {}

  /** @throws {TrafficError} `refused` when no rule divides between the two services, or one has a third */
  #rulesOf({ spec }: KubernetesObject): readonly Rule[] {
    const { candidate, baseline } = this.#settings.services;
    const rules = specs.is(spec) ? spec.rules : [];
    const ours = rules.filter((rule) => this.#isOurs(rule));
    if (ours.length === 0) {
      const message = `No rule of the HTTPRoute has ${candidate} and ${baseline} among its backendRefs: add both to one.`;
      throw new TrafficError('refused', message);
    }
    if (
      ours.some(({ backendRefs = [] }) => backendRefs.some(({ name, weight = 1 }) => !this.#isSide(name) && weight > 0))
    ) {
      throw new TrafficError(
        'refused',
        'A rule of the HTTPRoute has a third backend: give it weight 0, or a rule of its own.',
      );
    }
    return rules;
  }

  #isOurs({ backendRefs = [] }: Rule): boolean {
    const { candidate, baseline } = this.#settings.services;
    return [candidate, baseline].every((service) => backendRefs.some(({ name }) => name === service));
  }

  #isSide(name: string): boolean {
    const { candidate, baseline } = this.#settings.services;
    return name === candidate || name === baseline;
  }

  /** A weight that is not said is 1. Where all are 0 nobody is served, least of all by the candidate. */
  #shareOf({ backendRefs = [] }: Rule): number {
    const weightOf = (service: string) =>
      backendRefs.reduce((sum, { name, weight = 1 }) => (name === service ? sum + weight : sum), 0);
    const [candidate, baseline] = [
      weightOf(this.#settings.services.candidate),
      weightOf(this.#settings.services.baseline),
    ];
    const total = candidate + baseline;
    return total === 0 ? 0 : Math.round((candidate / total) * BUCKET_COUNT);
  }

  #weigh(rule: Rule, candidatePer100k: number): Rule {
    const { candidate, baseline } = this.#settings.services;
    const backendRefs = rule.backendRefs?.map((backend) => {
      if (backend.name === candidate) return { ...backend, weight: candidatePer100k };
      return backend.name === baseline ? { ...backend, weight: BUCKET_COUNT - candidatePer100k } : backend;
    });
    return backendRefs === undefined ? rule : { ...rule, backendRefs };
  }
}

/** What keeps the route, as it is now, from being in force; undefined: every gateway has it. */
function problemOf({ metadata, status }: KubernetesObject): string | undefined {
  const parents = statuses.is(status) ? status.parents : [];
  if (parents.length === 0) return 'No gateway has taken the HTTPRoute: check its parentRefs.';
  for (const { conditions } of parents) {
    const accepted = conditions.find(({ type }) => type === 'Accepted');
    if (accepted === undefined || (accepted.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
      return 'A gateway has not looked at the newest HTTPRoute yet.';
    }
    const wrong = conditions.find(
      ({ type, status: is }) => (type === 'Accepted' || type === 'ResolvedRefs') && is !== 'True',
    );
    if (wrong !== undefined)
      return `A gateway does not take the HTTPRoute (${wrong.type}: ${wrong.message ?? 'no reason'}).`;
  }
  return undefined;
}

function fenceOf({ metadata }: KubernetesObject): number | undefined {
  const text = metadata.annotations?.[FENCE];
  return text === undefined || !/^\d{1,15}$/.test(text) ? undefined : Number(text);
}

/** The share that is in force while no gateway has taken over the change that a release made last. */
function formerOf(route: KubernetesObject): number | undefined {
  const { generation, annotations = {} } = route.metadata;
  const [, of, share] = /^(\d{1,15}) (\d{1,6})$/.exec(annotations[FORMER] ?? '') ?? [];
  return of === String(generation) && problemOf(route) !== undefined ? Number(share) : undefined;
}
