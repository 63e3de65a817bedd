import { type EvaluationContext, encode, type SnapshotMessage } from '@bunting/core';
import { HttpResponse, http } from 'msw';
import type { MemoryFlags } from '../test-flags.ts';
import { refusalOf, refuse } from './caller.ts';
import { etagged } from './etagged.ts';
import { readJson } from './read-json.ts';

/** What SDKs poll: the ruleset of server keys, and the values of one context of client keys. */
export function streamHandlers(flags: MemoryFlags, url: string) {
  return [
    http.get(`${url}/stream/snapshot`, ({ request }) => {
      const refusal = refusalOf(request, 'server');
      if (refusal) return refusal;
      const { ruleset } = flags;
      const { revision, committedAtMs, kills } = ruleset;
      const etag = `"${revision.incarnation}.${revision.number}.${revision.hash}.0"`;
      const timeMs = Date.now();
      const headers = { etag, 'stream-time-ms': String(timeMs), 'stream-data-age-ms': '0' };
      if (request.headers.get('if-none-match')?.includes(etag)) return new HttpResponse(null, { status: 304, headers });
      const items = [...ruleset.items()];
      const snapshot: SnapshotMessage = { type: 'snapshot', revision, committedAtMs, timeMs, kills, items };
      return HttpResponse.text(encode(snapshot), { headers });
    }),
    http.post(
      `${url}/stream/messages`,
      ({ request }) => refusalOf(request, 'server') ?? HttpResponse.json({ joined: false }),
    ),
    http.post(`${url}/stream/values`, async ({ request }) => {
      const body = await readJson(request);
      if (body === undefined) return refuse(400, 'malformed_json', 'The body is not valid JSON.');
      const context = contextIn(body);
      if (context === undefined) return refuse(400, 'validation_failed', 'The body must be {"context": {...}}.');
      const refusal = refusalOf(request, 'client');
      if (refusal) return refusal;
      const { revision, committedAtMs } = flags.ruleset;
      const { values = {}, timeMs = Date.now() } = flags.all(context) ?? {};
      const header = { type: 'values', revision, committedAtMs, timeMs, whole: true };
      return etagged(request, { ...header, values, delete: [] }, values);
    }),
  ];
}

function contextIn(body: unknown): EvaluationContext | undefined {
  const { context } = (body ?? {}) as { readonly context?: EvaluationContext };
  return typeof context === 'object' && context !== null && !Array.isArray(context) ? context : undefined;
}
