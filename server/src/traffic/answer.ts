import { checkUrl, EgressRefused, type Incoming, type Outgoing, send } from '../egress/send.ts';
import type { Problem } from '../http/api-error.ts';
import type { Means } from './kind.ts';
import { TrafficError } from './traffic-target.ts';

/** What is wrong with an address that people gave, as far as it shows. */
export function problemsOfUrl(path: string, url: string, { policy }: Means): Problem[] {
  try {
    checkUrl(policy, url);
    return [];
  } catch (error) {
    if (!(error instanceof EgressRefused)) throw error;
    return [{ path, message: error.message }];
  }
}

const TIMEOUT_MS = 3_000;

/**
 * @param outgoing `timeoutMs`: 3 s unless given
 * @throws {TrafficError} `unreachable` when nothing answers, `refused` where this server may not send anything
 */
export async function askTarget(
  means: Means,
  outgoing: Pick<Outgoing, 'url' | 'method' | 'headers' | 'body' | 'tls'> & Partial<Pick<Outgoing, 'timeoutMs'>>,
  signal: AbortSignal,
): Promise<Incoming> {
  try {
    return await send(means.policy, { timeoutMs: TIMEOUT_MS, ...outgoing, signal, maxAnswerBytes: 8_000_000 });
  } catch (cause) {
    const message = (cause as Error).message;
    if (cause instanceof EgressRefused) throw new TrafficError('refused', `${outgoing.url}: ${message}.`, { cause });
    throw new TrafficError(
      'unreachable',
      `${outgoing.url} does not answer (${message}): check that it runs, and the address.`,
      { cause },
    );
  }
}

/** As `askTarget`, for who may be in trouble of its own. @throws {TrafficError} `unreachable` after 429 and 5xx, too */
export async function askService(...[means, outgoing, signal]: Parameters<typeof askTarget>): Promise<Incoming> {
  const answer = await askTarget(means, outgoing, signal);
  if (answer.status !== 429 && answer.status < 500) return answer;
  throw new TrafficError('unreachable', `${outgoing.url} answered ${answer.status}${said(answer)}; it is tried again.`);
}

/** What an answer says, for a message: nothing, or a colon and its beginning. */
export function said({ body }: Incoming): string {
  const text = body.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
  return text === '' ? '' : `: ${text}`;
}
