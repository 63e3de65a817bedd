import { Type } from '@sinclair/typebox';
import type { AddressPolicy } from '../egress/address-policy.ts';
import { send } from '../egress/send.ts';
import { compileValidator } from '../http/validate.ts';

/** One number is wanted: an answer of this size holds many. In bytes. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Where a Prometheus is, and what it is shown to be let in. */
export interface Endpoint {
  /** Without `/api/v1`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Question {
  /** PromQL that gives one number. */
  readonly query: string;
  /** When it is evaluated: milliseconds since 1970, UTC. */
  readonly atMs: number;
  readonly timeoutMs: number;
}

/** What is said of no number, in words for people. */
export interface NoNumber {
  /** `no_data`: it answered, and has none. `error`: it is not known whether it has. Neither is ever success. */
  readonly kind: 'no_data' | 'error';
  readonly reason: string;
}
export type Answer = { readonly kind: 'number'; readonly value: number } | NoNumber;

const Sample = Type.Tuple([Type.Number(), Type.String()]);
const answers = compileValidator<SuccessText>(
  Type.Object({
    status: Type.Literal('success'),
    data: Type.Union([
      Type.Object({ resultType: Type.Literal('vector'), result: Type.Array(Type.Object({ value: Sample })) }),
      Type.Object({ resultType: Type.Literal('scalar'), result: Sample }),
    ]),
    warnings: Type.Optional(Type.Array(Type.String())),
  }),
);
const failures = compileValidator<{ error: string }>(
  Type.Object({ status: Type.Literal('error'), error: Type.String() }),
);

type SampleText = readonly [number, string];
interface SuccessText {
  readonly data:
    | { readonly resultType: 'vector'; readonly result: readonly { readonly value: SampleText }[] }
    | { readonly resultType: 'scalar'; readonly result: SampleText };
  /** Of Thanos and others: a part of the stores did not answer. */
  readonly warnings?: readonly string[];
}

/** Asks for one number. Never rejects. */
export async function ask(
  policy: AddressPolicy,
  { url, headers }: Endpoint,
  { query, atMs, timeoutMs }: Question,
  signal?: AbortSignal,
): Promise<Answer> {
  const seconds = (ms: number) => String(ms / 1_000);
  try {
    const { status, body } = await send(policy, {
      url: `${url.replace(/\/+$/, '')}/api/v1/query`,
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'Bunting' },
      body: new URLSearchParams({ query, time: seconds(atMs), timeout: `${seconds(timeoutMs)}s` }).toString(),
      timeoutMs,
      maxAnswerBytes: MAX_ANSWER_BYTES,
      ...(signal === undefined ? {} : { signal }),
    });
    if (Buffer.byteLength(body) >= MAX_ANSWER_BYTES) return failed('its answer is too large: aggregate with sum(...)');
    return readAnswer(status, body);
  } catch (error) {
    return failed((error as Error).message);
  }
}

function readAnswer(status: number, text: string): Answer {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return failed(`it answered ${status}, and no JSON: is the URL that of a Prometheus?`);
  }
  if (failures.is(body)) return failed(`it answered ${status}: ${body.error.slice(0, 500)}`);
  if (status !== 200 || !answers.is(body)) {
    return failed(`it answered ${status}, and neither a vector nor a scalar: is the URL that of a Prometheus?`);
  }
  const { data, warnings = [] } = body;
  if (warnings.length > 0) return none(`the answer is not complete: ${warnings.join('; ').slice(0, 500)}`);
  if (data.resultType === 'scalar') return readSample(data.result);
  const [first, ...others] = data.result;
  if (first === undefined) {
    return none('no series match; where that means none, append `or vector(0)` to the query');
  }
  if (others.length > 0) return failed(`it gave ${others.length + 1} series: aggregate with sum(...)`);
  return readSample(first.value);
}

function readSample([, text]: SampleText): Answer {
  const value = Number(text);
  return Number.isFinite(value) && text.trim() !== '' ? { kind: 'number', value } : none(`the value is ${text}`);
}

function none(reason: string): NoNumber {
  return { kind: 'no_data', reason };
}

function failed(reason: string): NoNumber {
  return { kind: 'error', reason };
}
