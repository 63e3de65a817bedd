import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { EnvironmentBody, EnvironmentPatch, Project } from './types.ts';

const oneProject = '/api/v1/projects/{project}';
const oneEnvironment = '/api/v1/projects/{project}/environments/{environment}';

/** What is changed is what was seen: a change that another has made meanwhile is refused. */
const asSeen = ({ version }: { readonly version: number }) => ({ 'If-Match': `"${version}"` });

export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: async ({ signal }) =>
    (await unwrap(api.GET('/api/v1/projects', { params: { query: { limit: 200 } }, signal }))).items,
});

/** A project with its environments. */
export function projectQuery(project: string) {
  return queryOptions({
    queryKey: ['projects', project],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/projects/{project}', { params: { path: { project } }, signal })),
    staleTime: 30_000,
  });
}

/** With the environments development and production. */
export function createProject(body: { key: string; name: string }): Promise<Project> {
  return unwrap(api.POST('/api/v1/projects', { body }));
}

export function renameProject(project: Project, name: string): Promise<Project> {
  const params = { path: { project: project.key } };
  return unwrap(api.PATCH(oneProject, { params, headers: asSeen(project), body: { name } }));
}

/** For good, with its environments and flags. */
export function deleteProject(project: Project): Promise<void> {
  const params = { path: { project: project.key }, query: { confirm: project.key } };
  return unwrapNothing(api.DELETE(oneProject, { params, headers: asSeen(project) }));
}

export function createEnvironment(project: string, body: EnvironmentBody) {
  return unwrap(api.POST('/api/v1/projects/{project}/environments', { params: { path: { project } }, body }));
}

/** As much of an environment as names it and the version that was seen. */
interface SeenEnvironment {
  readonly key: string;
  readonly version: number;
}

export function updateEnvironment(project: string, seen: SeenEnvironment, body: EnvironmentPatch) {
  const params = { path: { project, environment: seen.key } };
  return unwrap(api.PATCH(oneEnvironment, { params, headers: asSeen(seen), body }));
}

/** For good, with its targeting, segments and keys. */
export function deleteEnvironment(project: string, seen: SeenEnvironment): Promise<void> {
  const params = { path: { project, environment: seen.key }, query: { confirm: seen.key } };
  return unwrapNothing(api.DELETE(oneEnvironment, { params, headers: asSeen(seen) }));
}
