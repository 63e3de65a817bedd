import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { api, unwrapNothing } from './client.ts';

/** The page of something that several people may be at. */
export interface Whereabouts {
  readonly kind: 'flag' | 'release';
  /** Key of the flag, id of the release. */
  readonly key: string;
  readonly environment?: string;
  /** Something is changed there and not saved. */
  readonly editing: boolean;
}

const presenceEvent = z.object({
  others: z.array(
    z.object({ name: z.nullable(z.string()), environment: z.nullable(z.string()), editing: z.boolean() }),
  ),
});

/** Someone else on the same page; without a name for who may not see people. */
export type Present = z.infer<typeof presenceEvent>['others'][number];

/** This page among those that someone has open. */
export const tab = Array.from(globalThis.crypto.getRandomValues(new Uint8Array(16)), (byte) =>
  byte.toString(16).padStart(2, '0'),
).join('');

/** Who else is where this tab is. Told by the stream alone, see `receipt-stream.ts`. */
export function presenceQuery(project: string) {
  return queryOptions({
    queryKey: ['presence', project] as const,
    queryFn: (): readonly Present[] => [],
    initialData: [],
    // Nothing else is ever asked: when all is read anew, what the stream told stays.
    enabled: false,
  });
}

/** Undefined when the text is not what the server's stream sends. */
export function parsePresence(text: string): readonly Present[] | undefined {
  try {
    return presenceEvent.parse(JSON.parse(text)).others;
  } catch {
    return undefined;
  }
}

/** Whatever was said last is what the server is to know: one call after the other. */
let said: Promise<unknown> = Promise.resolve();

/** Says that this tab is there, or still there. Never rejects: it is a courtesy. */
export function enterPage(project: string, { kind, key, environment, editing }: Whereabouts): void {
  const params = { path: { project, tab } };
  const body = { kind, key, editing, ...(environment !== undefined && { environment }) };
  said = said
    .then(() => unwrapNothing(api.PUT('/api/v1/projects/{project}/presence/{tab}', { params, body })))
    .catch(ignore);
}

/** Says that it is there no more, also while the page goes. */
export function leavePage(project: string): void {
  const leave = () =>
    unwrapNothing(
      api.DELETE('/api/v1/projects/{project}/presence/{tab}', { params: { path: { project, tab } }, keepalive: true }),
    ).catch(ignore);
  said = said.then(leave);
}

function ignore(): void {}
