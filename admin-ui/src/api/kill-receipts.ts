import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { api, unwrap } from './client.ts';
import type { KillReceipts } from './types.ts';

/** A kill event of the receipts stream: it comes past the typed client, so it is checked here. */
const killEvent = z.object({
  environment: z.string(),
  flag: z.string(),
  epoch: z.number(),
  engaged: z.boolean(),
  instances: z.number(),
  confirmed: z.number(),
  pending: z.number(),
  unknown: z.number(),
  firstMs: z.nullable(z.number()),
  p50Ms: z.nullable(z.number()),
  p90Ms: z.nullable(z.number()),
  p99Ms: z.nullable(z.number()),
  lastMs: z.nullable(z.number()),
  incomplete: z.array(z.string()),
});

export function killReceiptsKey(project: string, environment: string, flag: string) {
  return ['receipts', project, environment, 'kill', flag] as const;
}

/** How far a flag's latest kill or re-arm has come. The stream tells of an environment's latest. */
export function killReceiptsQuery(project: string, environment: string, flag: string) {
  return queryOptions({
    queryKey: killReceiptsKey(project, environment, flag),
    queryFn: ({ signal }): Promise<KillReceipts> =>
      unwrap(
        api.GET('/api/v1/projects/{project}/environments/{environment}/kills/{flag}/receipts', {
          params: { path: { project, environment, flag } },
          signal,
        }),
      ),
    refetchInterval: 10_000,
  });
}

/** Undefined when the text is not what the server's stream sends. */
export function parseKillReceipts(text: string): { environment: string; receipts: KillReceipts } | undefined {
  try {
    const { environment, ...receipts } = killEvent.parse(JSON.parse(text));
    return { environment, receipts };
  } catch {
    return undefined;
  }
}
