import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { Binding, BindingBody, BindingPatch } from './types.ts';

const all = '/api/v1/projects/{project}/bindings';
const one = '/api/v1/projects/{project}/bindings/{binding}';

/** The first 200 of a project, by key. */
export function bindingsQuery(project: string) {
  return queryOptions({
    queryKey: ['bindings', project] as const,
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET(all, { params: { path: { project }, query: { limit: 200 } }, signal }))).items,
  });
}

export function createBinding(project: string, body: BindingBody): Promise<Binding> {
  return unwrap(api.POST(all, { params: { path: { project } }, body }));
}

/** @param version as it was seen: refused with `version_mismatch` when someone else changed it meanwhile */
export function patchBinding(project: string, binding: string, version: number, body: BindingPatch): Promise<Binding> {
  const headers = { 'If-Match': `"${version}"` };
  return unwrap(api.PATCH(one, { params: { path: { project, binding } }, headers, body }));
}

export function deleteBinding(project: string, binding: string): Promise<void> {
  return unwrapNothing(api.DELETE(one, { params: { path: { project, binding } } }));
}
