import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { RouterConfig } from '../config.ts';
import { type Division, desired, type Side } from './division.ts';

const MAX_AGE_S = 300;
const MAX_BODY_CHARS = 10_000;

/** Where Bunting reads what is in force, and sets it: a traffic target of kind webhook. */
export async function listenToBunting(
  division: Division,
  sides: Readonly<Record<Side, string>>,
  { ROUTER_ADMIN_PORT: port, ROUTER_SECRET: secret }: Pick<RouterConfig, 'ROUTER_ADMIN_PORT' | 'ROUTER_SECRET'>,
): Promise<Server> {
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    let body = '';
    for await (const chunk of request) body += String(chunk).slice(0, MAX_BODY_CHARS - body.length);
    if (!isGenuine(secret, request.headers, body)) return answer(401, { problem: 'not signed with the secret' });
    if (request.method !== 'POST') return answer(200, await describe(division, sides));
    const wanted = desired.safeParse(parse(body));
    if (!wanted.success) return answer(400, { problem: wanted.error.message });
    return division.set(wanted.data) ? answer(200, {}) : answer(409, { problem: 'a higher fence was seen' });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function describe(division: Division, sides: Readonly<Record<Side, string>>): Promise<object> {
  const { candidatePer100k, fence, counts } = division;
  const up = { candidate: await isUp(sides.candidate), baseline: await isUp(sides.baseline) };
  return { candidatePer100k, fence, counts, up };
}

/** @returns how many instances answer */
async function isUp(url: string): Promise<number> {
  const signal = AbortSignal.timeout(1_000);
  return fetch(`${url}/healthz`, { signal }).then(
    ({ ok }) => (ok ? 1 : 0),
    () => 0,
  );
}

/** By the scheme of Standard Webhooks. */
function isGenuine(secret: string, headers: IncomingHttpHeaders, body: string): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
  // A time that is no number is not near.
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) < MAX_AGE_S)) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  const given = Buffer.from(String(signature).replace('v1,', ''), 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
