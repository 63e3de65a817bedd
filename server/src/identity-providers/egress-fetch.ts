import type { CustomFetch } from 'openid-client';
import type { AddressPolicy } from '../egress/address-policy.ts';
import { send } from '../egress/send.ts';

const TIMEOUT_MS = 10_000;
/** Lists of keys and users' claims are a few KB. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** `fetch` for the library, which goes only where this server may send requests to. */
export function egressFetch(policy: AddressPolicy): CustomFetch {
  return async (url, { method, headers, body }) => {
    const answer = await send(policy, {
      url,
      method: method === 'POST' ? 'POST' : 'GET',
      headers,
      ...(body === null || body === undefined ? {} : { body: String(body) }),
      timeoutMs: TIMEOUT_MS,
      maxAnswerBytes: MAX_ANSWER_BYTES,
    });
    const received = new Headers();
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value !== undefined) received.set(name, [value].flat().join(', '));
    }
    const isBodiless = [204, 205, 304].includes(answer.status);
    return new Response(isBodiless ? null : answer.body, { status: answer.status, headers: received });
  };
}
