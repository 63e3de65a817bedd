import { type QueryClient, queryOptions } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { api, unwrap } from './client.ts';
import type { Receipts } from './types.ts';

/** An event of the receipts stream: it comes past the typed client, so it is checked here. */
const receiptsEvent = z.object({
  environment: z.string(),
  revision: z.object({ incarnation: z.string(), number: z.number(), hash: z.string() }),
  committedAt: z.string(),
  instances: z.number(),
  confirmed: z.number(),
  pending: z.number(),
  unknown: z.number(),
  broken: z.number(),
  behind: z.number(),
  firstMs: z.nullable(z.number()),
  p50Ms: z.nullable(z.number()),
  p90Ms: z.nullable(z.number()),
  p99Ms: z.nullable(z.number()),
  lastMs: z.nullable(z.number()),
  incomplete: z.array(z.string()),
});

export function receiptsKey(project: string, environment: string) {
  return ['receipts', project, environment] as const;
}

/** How far the newest revision of an environment has come. Kept current by the stream, see `receipt-stream.ts`. */
export function receiptsQuery(client: QueryClient, project: string, environment: string) {
  const queryKey = receiptsKey(project, environment);
  return queryOptions({
    queryKey,
    queryFn: async ({ signal }): Promise<Receipts> => {
      const asked = await unwrap(
        api.GET('/api/v1/projects/{project}/environments/{environment}/receipts', {
          params: { path: { project, environment } },
          signal,
        }),
      );
      // The stream may have told of a newer revision while this answer was on its way.
      const streamed = client.getQueryData<Receipts>(queryKey);
      return streamed && isNewer(streamed, asked) ? streamed : asked;
    },
    // A safety net: the stream tells of changes at once, but proxies may cut or buffer it without a sign.
    refetchInterval: 10_000,
  });
}

/** Undefined when the text is not what the server's stream sends. */
export function parseReceipts(text: string): { environment: string; receipts: Receipts } | undefined {
  try {
    const { environment, ...receipts } = receiptsEvent.parse(JSON.parse(text));
    return { environment, receipts };
  } catch {
    return undefined;
  }
}

function isNewer(a: Receipts, b: Receipts): boolean {
  return a.revision.incarnation === b.revision.incarnation && a.revision.number > b.revision.number;
}
