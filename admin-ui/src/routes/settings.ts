import { createRoute, lazyRouteComponent, notFound } from '@tanstack/react-router';
import { projectQuery } from '../api/projects.ts';
import { webhookQuery } from '../api/webhooks.ts';
import { instancesSearch, settingsSearch } from '../searches.ts';
import { orNotFound } from './or-not-found.ts';
import { project } from './project.ts';

const keys = createRoute({
  getParentRoute: () => project,
  path: 'environments/$environment/keys',
  loader: async ({ context: { client }, params }) => {
    const { environments } = await orNotFound(client.ensureQueryData(projectQuery(params.project)));
    if (!environments.some(({ key }) => key === params.environment)) throw notFound();
  },
  component: lazyRouteComponent(() => import('../pages/keys/keys-page.tsx'), 'KeysPage'),
});

const instances = createRoute({
  getParentRoute: () => project,
  path: 'instances',
  validateSearch: instancesSearch,
  component: lazyRouteComponent(() => import('../pages/instances/instances-page.tsx'), 'InstancesPage'),
});

const settings = createRoute({
  getParentRoute: () => project,
  path: 'settings',
  validateSearch: settingsSearch,
  component: lazyRouteComponent(() => import('../pages/settings/settings-page.tsx'), 'SettingsPage'),
});

const webhooks = createRoute({
  getParentRoute: () => project,
  path: 'webhooks',
  component: lazyRouteComponent(() => import('../pages/webhooks/webhooks-page.tsx'), 'WebhooksPage'),
});

const webhook = createRoute({
  getParentRoute: () => project,
  path: 'webhooks/$webhook',
  loader: ({ context: { client }, params }) =>
    orNotFound(client.ensureQueryData(webhookQuery(params.project, params.webhook))),
  component: lazyRouteComponent(() => import('../pages/webhook/webhook-page.tsx'), 'WebhookPage'),
});

/** What a project is, and what connects it with others. */
export const settingRoutes = [settings, instances, keys, webhooks, webhook] as const;
