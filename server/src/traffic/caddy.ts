import { BUCKET_COUNT } from '@bunting/core';
import { type Static, Type } from '@sinclair/typebox';
import { askTarget, problemsOfUrl } from './answer.ts';
import { bucketPattern } from './bucket-pattern.ts';
import { type Means, trafficKind } from './kind.ts';
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
    admin: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'The URL of its admin API, such as http://10.0.0.5:2019',
    }),
    id: Type.String({
      pattern: '^[A-Za-z0-9_-]{1,100}$',
      description: 'the @id of the route to the candidate: letters, digits, _ and -',
    }),
  },
  { additionalProperties: false },
);
type Settings = Static<typeof Settings>;

const CAPABILITIES: TrafficCapabilities = {
  // Connections that are open stay with the configuration that they began with until they are idle.
  ...{ atomic: false, sticky: true, lease: false, drain: true, shadow: false, fenced: true },
  granularityPer100k: 1,
};

/** What the route's matcher is of; the name of the expression tells what was wanted, as Caddy keeps nothing else. */
const VARIABLE = '{bunting_bucket}';
const NAME = /^f(\d{1,15})w(\d{1,6})$/;
/** The variable is never empty. */
const NOBODY = '^$';
/** It answers when it has loaded the new configuration, and stopped what the old one alone had. */
const APPLY_TIMEOUT_MS = 15_000;

/** Whom the candidate's route matches, set by Caddy's admin API: deploy/caddy has the configuration. */
export const caddy = trafficKind({
  kind: 'caddy',
  settings: Settings,
  check: ({ admin }, means) => problemsOfUrl('admin', admin, means),
  open: (settings, _secrets, means) => new CaddyRoute(settings, means),
});

class CaddyRoute implements TrafficTarget {
  readonly capabilities = CAPABILITIES;
  readonly applyTimeoutMs = APPLY_TIMEOUT_MS;
  readonly #matcherUrl: string;
  readonly #configUrl: string;
  readonly #settings: Settings;
  readonly #means: Means;

  constructor(settings: Settings, means: Means) {
    this.#settings = settings;
    this.#means = means;
    const admin = settings.admin.replace(/\/+$/, '');
    this.#matcherUrl = `${admin}/id/${settings.id}/match`;
    this.#configUrl = `${admin}/config/`;
  }

  async read(signal: AbortSignal): Promise<TrafficObserved> {
    const { status, body } = await askTarget(
      this.#means,
      { url: this.#matcherUrl, method: 'GET', headers: {} },
      signal,
    );
    if (status !== 200) throw this.#refusal(status, body);
    return parseMatcher(body) ?? { problem: this.#strange() };
  }

  async apply({ candidatePer100k }: TrafficDesired, fence: number, signal: AbortSignal): Promise<void> {
    // Any change of the configuration in between makes the last step fail: so none is lost.
    const { status, body, trailers } = await askTarget(
      this.#means,
      { url: this.#configUrl, method: 'GET', headers: {} },
      signal,
    );
    const { etag } = trailers;
    if (status !== 200 || etag === undefined) throw this.#refusal(status, body);
    const seen = await this.read(signal);
    refuseStale(fence, seen.fence);
    if (seen.fence === fence && seen.candidatePer100k === candidatePer100k) return;
    const pattern = bucketPattern(candidatePer100k) ?? NOBODY;
    const answer = await askTarget(
      this.#means,
      {
        url: this.#matcherUrl,
        method: 'PATCH',
        timeoutMs: APPLY_TIMEOUT_MS,
        headers: { 'content-type': 'application/json', 'if-match': etag },
        body: JSON.stringify([{ vars_regexp: { [VARIABLE]: { name: `f${fence}w${candidatePer100k}`, pattern } } }]),
      },
      signal,
    );
    if (answer.status === 412) {
      throw new TrafficError('unreachable', 'Someone changed its configuration at the same moment: try again.');
    }
    if (answer.status !== 200) throw this.#refusal(answer.status, answer.body);
  }

  async close(): Promise<void> {}

  #refusal(status: number, body: string): TrafficError {
    const said = body.slice(0, 300).trim();
    return new TrafficError(
      'refused',
      `Caddy's admin API answered ${status}: ${said}. It needs version 2.6 or newer, and a route with "@id": "${this.#settings.id}".`,
    );
  }

  #strange(): string {
    return `The matcher of the route "${this.#settings.id}" is not one that Bunting writes: give it that of deploy/caddy, or set a weight.`;
  }
}

/** Undefined: it is of another form. */
function parseMatcher(text: string): TrafficObserved | undefined {
  const [matcher, ...others] = readArray(text);
  const expression = (matcher as { vars_regexp?: Record<string, { name?: unknown; pattern?: unknown }> } | undefined)
    ?.vars_regexp?.[VARIABLE];
  const [, fence, weight] = NAME.exec(String(expression?.name)) ?? [];
  if (fence === undefined || weight === undefined || others.length > 0) return undefined;
  const candidatePer100k = Number(weight);
  // The name is a note; the pattern is what counts.
  const isTrue =
    expression?.pattern === (bucketPattern(candidatePer100k) ?? NOBODY) && candidatePer100k <= BUCKET_COUNT;
  return isTrue ? { candidatePer100k, fence: Number(fence) } : undefined;
}

function readArray(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
