import { randomUUID } from 'node:crypto';
import { BUCKET_COUNT } from '@bunting/core';
import { type Static, Type } from '@sinclair/typebox';
import type { Incoming } from '../egress/send.ts';
import { signatureHeaders } from '../egress/signature.ts';
import { compileValidator } from '../http/validate.ts';
import { askService, problemsOfUrl, said } from './answer.ts';
import { type Means, trafficKind } from './kind.ts';
import {
  type TrafficCapabilities,
  type TrafficCounts,
  type TrafficDesired,
  TrafficError,
  type TrafficObserved,
  type TrafficTarget,
} from './traffic-target.ts';

/** What a webhook does to divide traffic may itself take a while. */
const APPLY_TIMEOUT_MS = 30_000;

const Can = (what: string) => Type.Optional(Type.Boolean({ description: `${what}. Without it: no` }));
const Share = Type.Integer({ minimum: 0, maximum: BUCKET_COUNT });
const Count = Type.Integer({ minimum: 0 });
const Counts = Type.Object({ requests: Count, errors: Count });

const Settings = Type.Object(
  {
    url: Type.String({ maxLength: 2000, description: 'GET says what is in force, POST sets it' }),
    counts: Type.Optional(Type.Boolean({ description: 'It answers a GET with counts, too. Without it: no' })),
    capabilities: Type.Optional(
      Type.Object(
        {
          atomic: Can('All requests are at the new weight at once'),
          sticky: Can('Who is on a side stays there'),
          lease: Can('It goes back to the baseline by itself after notAfterMs'),
          drain: Can('Requests under way end where they began'),
          shadow: Can('It sends copies of requests to the candidate'),
          fenced: Can('It answers 409 to a lower fence than it has seen'),
          granularityPer100k: Type.Optional(Type.Integer({ minimum: 1, maximum: BUCKET_COUNT })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
type Settings = Static<typeof Settings>;

const Secrets = Type.Object(
  {
    secret: Type.String({
      pattern: '^whsec_[A-Za-z0-9+/]{32,}={0,2}$',
      maxLength: 200,
      description: 'Of Standard Webhooks: whsec_ and 24 bytes or more in base64. Requests are signed with it',
    }),
  },
  { additionalProperties: false },
);

/** What the webhook answers a GET. What it adds is ignored. */
const Answer = Type.Object({
  candidatePer100k: Type.Optional(Share),
  shadowPer100k: Type.Optional(Share),
  fence: Type.Optional(Type.Integer()),
  up: Type.Optional(Type.Object({ candidate: Count, baseline: Count })),
  problem: Type.Optional(Type.String({ maxLength: 1000 })),
  counts: Type.Optional(Type.Object({ candidate: Counts, baseline: Counts })),
});
type Answer = Static<typeof Answer>;
const answers = compileValidator<Answer>(Answer);

/** Whatever divides traffic, behind a small HTTP interface of its owner: docs/guides/controllers.md describes it. */
export const webhook = trafficKind({
  kind: 'webhook',
  settings: Settings,
  secrets: Secrets,
  check: ({ url }, means) => problemsOfUrl('url', url, means),
  open: (settings, { secret }, means) => new WebhookTarget(settings, secret, means),
});

class WebhookTarget implements TrafficTarget {
  readonly capabilities: TrafficCapabilities;
  readonly applyTimeoutMs = APPLY_TIMEOUT_MS;
  readonly count?: (signal: AbortSignal) => Promise<TrafficCounts>;
  readonly #url: string;
  readonly #secret: string;
  readonly #means: Means;

  constructor({ url, counts = false, capabilities = {} }: Settings, secret: string, means: Means) {
    const none = { atomic: false, sticky: false, lease: false, drain: false, shadow: false, fenced: false };
    this.capabilities = { ...none, granularityPer100k: 1, ...capabilities };
    this.#url = url;
    this.#secret = secret;
    this.#means = means;
    if (counts) this.count = (signal) => this.#count(signal);
  }

  async read(signal: AbortSignal): Promise<TrafficObserved> {
    const { counts: _, ...observed } = await this.#get(signal);
    return observed;
  }

  async apply(desired: TrafficDesired, fence: number, signal: AbortSignal): Promise<void> {
    const answer = await this.#send('POST', JSON.stringify({ ...desired, fence }), signal);
    if (answer.status >= 200 && answer.status < 300) return;
    if (answer.status === 409) {
      throw new TrafficError('stale_fence', `The webhook has seen a higher fence than ${fence}${said(answer)}.`);
    }
    throw new TrafficError('refused', `The webhook answered ${answer.status}${said(answer)}.`);
  }

  async close(): Promise<void> {}

  async #count(signal: AbortSignal): Promise<TrafficCounts> {
    const { counts } = await this.#get(signal);
    if (counts !== undefined) return counts;
    throw new TrafficError(
      'refused',
      'The webhook counts nothing: let it answer a GET with counts, or take counts out of its settings.',
    );
  }

  async #get(signal: AbortSignal): Promise<Answer> {
    const answer = await this.#send('GET', '', signal);
    if (answer.status !== 200) {
      throw new TrafficError('refused', `The webhook answered ${answer.status} to a GET${said(answer)}.`);
    }
    const value = parse(answer.body);
    if (answers.is(value)) return value;
    const [problem] = answers.problems(value);
    throw new TrafficError('refused', `The webhook's answer is not right: ${problem?.path} ${problem?.message}.`);
  }

  #send(method: 'GET' | 'POST', body: string, signal: AbortSignal): Promise<Incoming> {
    const headers = {
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
      'user-agent': 'Bunting',
      ...signatureHeaders([this.#secret], `msg_${randomUUID()}`, this.#means.now(), body),
    };
    const timeoutMs = method === 'POST' ? { timeoutMs: APPLY_TIMEOUT_MS } : {};
    return askService(this.#means, { url: this.#url, method, body, headers, ...timeoutMs }, signal);
  }
}

/** Undefined: it is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
