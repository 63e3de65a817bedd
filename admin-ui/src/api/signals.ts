import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapNothing } from './client.ts';
import type {
  CreateSourceBody,
  NewSignalSource,
  Signal,
  SignalSecret,
  SignalSecretBody,
  SignalSource,
  SourcePatch,
  TriedSignal,
} from './types.ts';

/** More sources than any project has. */
const limit = 200;

/** The sources of signals that whoever is signed in may see: those of the project, and those of the whole installation. */
export function sourcesQuery(project: string) {
  return queryOptions({
    queryKey: ['signals', project, 'sources'] as const,
    queryFn: async ({ signal }) => {
      const { items } = await unwrap(api.GET('/api/v1/signal-sources', { params: { query: { limit } }, signal }));
      return items.filter((source) => source.project === null || source.project === project);
    },
  });
}

/** The answer holds the secret, when one was made: it can never be shown again. */
export function createSource(body: CreateSourceBody): Promise<NewSignalSource> {
  return unwrap(api.POST('/api/v1/signal-sources', { body }));
}

export interface SignalFilter {
  readonly search?: string | undefined;
  readonly state?: Signal['state'] | undefined;
}

/** @param version as it was seen: what someone else has changed since is refused, not overrun */
export function patchSource(
  { key, version }: Pick<SignalSource, 'key' | 'version'>,
  body: SourcePatch,
): Promise<SignalSource> {
  const headers = { 'If-Match': `"${version}"` };
  return unwrap(api.PATCH('/api/v1/signal-sources/{source}', { params: { path: { source: key } }, headers, body }));
}

/** The answer holds the new secret, when one was made: it can never be shown again. */
export function rotateSourceSecret(source: string, body: SignalSecretBody): Promise<SignalSecret> {
  return unwrap(api.POST('/api/v1/signal-sources/{source}/rotate-secret', { params: { path: { source } }, body }));
}

/** What it sent is forgotten, too. */
export function deleteSource(source: string): Promise<void> {
  return unwrapNothing(api.DELETE('/api/v1/signal-sources/{source}', { params: { path: { source } } }));
}

/** What a source sent, newest first. */
export function signalsQuery(project: string, source: string, { search, state }: SignalFilter = {}) {
  return infiniteQueryOptions({
    queryKey: ['signals', project, 'list', source, search, state] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/signal-sources/{source}/signals', {
          params: {
            path: { source },
            query: {
              limit: 30,
              ...(search && { search }),
              ...(state && { state }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** A signal with its body as it came. */
export function signalQuery(source: string, id: string) {
  return queryOptions({
    queryKey: ['signals', 'one', source, id] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/signal-sources/{source}/signals/{signal}', {
          params: { path: { source, signal: id } },
          signal,
        }),
      ),
  });
}

/** Tells SNS that the topic whose request this is may send here. @returns the topic */
export async function confirmSubscription(source: string, signal: string): Promise<string> {
  const path = '/api/v1/signal-sources/{source}/signals/{signal}/confirm';
  return (await unwrap(api.POST(path, { params: { path: { source, signal } } }))).topic;
}

/** What a message of the vendor with these labels would lead to if it came now. Nothing is done or recorded. */
export function trySample(source: string, labels: Readonly<Record<string, string>>): Promise<TriedSignal> {
  return unwrap(
    api.POST('/api/v1/signal-sources/{source}/sample', {
      params: { path: { source } },
      body: { labels: { ...labels } },
    }),
  );
}

/** What a signal that was kept would lead to if it came now. Nothing is done or recorded. */
export function evaluateSignal(source: string, signal: string): Promise<TriedSignal> {
  return unwrap(
    api.POST('/api/v1/signal-sources/{source}/signals/{signal}/evaluate', { params: { path: { source, signal } } }),
  );
}
