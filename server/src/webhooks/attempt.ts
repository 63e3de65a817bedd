import type { Static } from '@sinclair/typebox';
import type { AddressPolicy } from '../egress/address-policy.ts';
import { send } from '../egress/send.ts';
import { signatureHeaders } from '../egress/signature.ts';
import { readRetryAfter } from './retries.ts';
import type { AttemptSchema } from './schemas.ts';

/** How long a receiver may take, in milliseconds. */
const TIMEOUT_MS = 10_000;
/** How much of its answer is kept. */
const MAX_ANSWER_BYTES = 4_096;

export interface Letter {
  readonly url: string;
  /** The same for each attempt. */
  readonly id: string;
  readonly body: string;
  readonly secrets: readonly string[];
}

/** What came of one attempt. */
export interface Attempt extends Static<typeof AttemptSchema> {
  /** The receiver wants no more of these messages (410). */
  readonly isGone: boolean;
  /** How long it asked to wait. */
  readonly retryAfterMs: number | undefined;
}

/** Posts a message once. Never rejects. */
export async function attempt(policy: AddressPolicy, letter: Letter, signal?: AbortSignal): Promise<Attempt> {
  const startedMs = performance.now();
  const atMs = Date.now();
  const elapsedMs = () => Math.round(performance.now() - startedMs);
  try {
    const { status, headers, body } = await send(policy, {
      url: letter.url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Bunting',
        ...signatureHeaders(letter.secrets, letter.id, atMs, letter.body),
      },
      body: letter.body,
      timeoutMs: TIMEOUT_MS,
      maxAnswerBytes: MAX_ANSWER_BYTES,
      ...(signal === undefined ? {} : { signal }),
    });
    const delivered = status >= 200 && status < 300;
    return {
      delivered,
      status,
      error: delivered ? null : `answered ${status}`,
      // PostgreSQL stores no NUL.
      answer: body.replaceAll('\u0000', ''),
      ms: elapsedMs(),
      isGone: status === 410,
      retryAfterMs: readRetryAfter(headers['retry-after'], atMs),
    };
  } catch (error) {
    const { message } = error as Error;
    return { ...NOTHING, error: message, ms: elapsedMs() };
  }
}

/** What comes of an attempt that reached nobody. */
export const NOTHING = {
  delivered: false,
  status: null,
  answer: null,
  isGone: false,
  retryAfterMs: undefined,
} as const;
