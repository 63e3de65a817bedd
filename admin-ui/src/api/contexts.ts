import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { ContextProof, ContextSampling, SampledContext } from './types.ts';

const sampling = '/api/v1/projects/{project}/environments/{environment}/context-sampling';
const proof = '/api/v1/projects/{project}/environments/{environment}/context-proof';
const contexts = '/api/v1/projects/{project}/environments/{environment}/contexts';
const privates = '/api/v1/projects/{project}/private-attributes';

/** What SDKs tell of the contexts that they evaluate for. */
export function samplingQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: ['contexts', project, 'sampling', environment] as const,
    queryFn: ({ signal }) => unwrap(api.GET(sampling, { params: { path: { project, environment } }, signal })),
  });
}

export function setSampling(project: string, environment: string, mode: ContextSampling['mode']) {
  return unwrap(api.PUT(sampling, { params: { path: { project, environment } }, body: { mode } }));
}

/** Attributes that never leave the process that evaluates. */
export function privateAttributesQuery(project: string) {
  return queryOptions({
    queryKey: ['contexts', project, 'private'] as const,
    queryFn: ({ signal }) => unwrap(api.GET(privates, { params: { path: { project } }, signal })),
  });
}

/** @param version as it was seen */
export function setPrivateAttributes(project: string, version: number, attributes: string[]) {
  const headers = { 'If-Match': `"${version}"` };
  return unwrap(api.PUT(privates, { params: { path: { project } }, headers, body: { attributes } }));
}

/** Contexts that were seen within the time that they are kept, those seen last first. */
export function sampledContextsQuery(
  project: string,
  environment: string,
  filter: { search?: string | undefined; source?: SampledContext['source'] | undefined },
) {
  return infiniteQueryOptions({
    queryKey: ['contexts', project, 'sampled', environment, filter] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const { search, source } = filter;
      const query = { limit: 50, ...(search && { search }), ...(source && { source }) };
      const params = { path: { project, environment }, query: { ...query, ...(pageParam && { cursor: pageParam }) } };
      return unwrap(api.GET(contexts, { params, signal }));
    },
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Removes what was sampled of a subject, by the name that the server has for it. */
export function eraseContext(project: string, environment: string, subject: string): Promise<void> {
  return unwrapNothing(api.DELETE(`${contexts}/{subject}`, { params: { path: { project, environment, subject } } }));
}

/** Removes what was sampled of a subject. @returns whether there was anything */
export async function eraseTargetingKey(project: string, environment: string, targetingKey: string): Promise<boolean> {
  const params = { path: { project, environment } };
  return (await unwrap(api.POST(`${contexts}/erase`, { params, body: { targetingKey } }))).erased;
}

/** Whether pages must prove their contexts, and by which secrets. */
export function proofQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: ['contexts', project, 'proof', environment] as const,
    queryFn: ({ signal }) => unwrap(api.GET(proof, { params: { path: { project, environment } }, signal })),
  });
}

export function setProof(project: string, environment: string, mode: ContextProof['mode']) {
  return unwrap(api.PUT(proof, { params: { path: { project, environment } }, body: { mode } }));
}

/** The answer holds the secret: it can never be shown again. */
export function createProofSecret(project: string, environment: string) {
  return unwrap(api.POST(`${proof}/secrets`, { params: { path: { project, environment } } }));
}

export function retireProofSecret(project: string, environment: string, id: string): Promise<void> {
  return unwrapNothing(api.DELETE(`${proof}/secrets/{id}`, { params: { path: { project, environment, id } } }));
}
