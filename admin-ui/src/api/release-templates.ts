import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { ReleaseTemplate, ReleaseTemplateBody } from './types.ts';

const one = '/api/v1/projects/{project}/release-templates/{template}';

/** Ways to release: those that come with the server, then the project's own. */
export function releaseTemplatesQuery(project: string) {
  return queryOptions({
    queryKey: ['release-templates', project] as const,
    queryFn: async ({ signal }) => {
      const params = { path: { project } };
      return (await unwrap(api.GET('/api/v1/projects/{project}/release-templates', { params, signal }))).items;
    },
    staleTime: 30_000,
  });
}

/** Keeps one of the project's own, or replaces the one of this key. */
export function putReleaseTemplate(
  project: string,
  template: string,
  body: ReleaseTemplateBody,
): Promise<ReleaseTemplate> {
  return unwrap(api.PUT(one, { params: { path: { project, template } }, body }));
}

/** Releases that were made of it stay as they are. */
export function deleteReleaseTemplate(project: string, template: string): Promise<void> {
  return unwrapNothing(api.DELETE(one, { params: { path: { project, template } } }));
}
