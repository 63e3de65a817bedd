import { signatureHeaders } from '../egress/signature.ts';
import type { Database } from '../store/tables.ts';
import { findUnposted, savePosted } from './checkpoint-repository.ts';

export interface CheckpointTarget {
  readonly url: string;
  /** `whsec_` and base64; undefined: posts are not signed besides the checkpoint itself. */
  readonly secret: string | undefined;
}

const TIMEOUT_MS = 10_000;

/** Posted in one go at most; the others wait for the next. */
const BATCH = 100;

/**
 * Posts the checkpoints that have not been, one by one, oldest first; each until it was taken (an answer of 2xx), so one
 * may come twice, under the same `webhook-id`. Headers are those of Standard Webhooks.
 * @throws when the target does not take one
 */
export async function postCheckpoints(database: Database, target: CheckpointTarget, nowMs: number): Promise<void> {
  for (const { number, document } of await findUnposted(database, BATCH)) {
    await post(target, `checkpoint-${number}`, document, nowMs);
    await savePosted(database, number);
  }
}

async function post({ url, secret }: CheckpointTarget, id: string, body: string, nowMs: number): Promise<void> {
  const signature = signatureHeaders(secret === undefined ? [] : [secret], id, nowMs, body);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signature },
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status} to checkpoint ${id}`);
}
