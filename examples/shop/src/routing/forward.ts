import { randomInt } from 'node:crypto';
import { Agent, type RequestListener, request as send } from 'node:http';
import { parseCookies } from '../cookies.ts';
import type { Division, Side } from './division.ts';

/** Sends each visitor to the side that their bucket is on, and gives a bucket to who has none. */
export function forwardTo(sides: Readonly<Record<Side, string>>, division: Division): RequestListener {
  const agent = new Agent({ keepAlive: true });
  return (request, response) => {
    const known = parseCookies(request.headers.cookie).get('bunting_bucket') ?? '';
    const isKnown = /^[0-9]{5}$/.test(known);
    const bucket = isKnown ? known : String(randomInt(100_000)).padStart(5, '0');
    const side = division.sideOf(bucket);
    const counts = division.counts[side];
    counts.requests++;
    const headers = { ...request.headers, 'bunting-bucket': bucket };
    const forwarded = send(new URL(request.url ?? '/', sides[side]), { agent, method: request.method, headers });
    forwarded.on('response', (answer) => {
      const { statusCode = 502 } = answer;
      if (statusCode >= 500) counts.errors++;
      const cookie = `bunting_bucket=${bucket}; Path=/; Max-Age=31536000; SameSite=Lax`;
      const cookies = [...(answer.headers['set-cookie'] ?? []), ...(isKnown ? [] : [cookie])];
      response.writeHead(statusCode, { ...answer.headers, ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}) });
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    forwarded.on('error', () => {
      if (response.headersSent) return response.destroy();
      counts.errors++;
      response.writeHead(503, { 'content-type': 'text/plain' }).end('Nobody is in the shop. Please try again.\n');
    });
    response.on('close', () => forwarded.destroy());
    request.pipe(forwarded);
  };
}
