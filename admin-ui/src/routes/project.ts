import { createRoute, redirect } from '@tanstack/react-router';
import { loadPermissions } from '../api/permissions.ts';
import { projectQuery, projectsQuery } from '../api/projects.ts';
import { Shell } from '../pages/layout/shell.tsx';
import { flagsPath, patterns } from '../paths.ts';
import { orNotFound } from './or-not-found.ts';
import { requireSession, root } from './root.ts';

/** The frame around all pages of a project. */
export const project = createRoute({
  getParentRoute: () => root,
  path: patterns.project,
  beforeLoad: requireSession,
  loader: async ({ context: { client }, params }) => {
    const [project] = await orNotFound(
      Promise.all([client.ensureQueryData(projectQuery(params.project)), client.ensureQueryData(projectsQuery)]),
    );
    await loadPermissions(client, project);
  },
  component: Shell,
});

/** A project is led to by its flags. */
export const projectHome = createRoute({
  getParentRoute: () => project,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect(flagsPath(params.project));
  },
});
