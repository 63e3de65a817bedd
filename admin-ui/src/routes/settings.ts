import { createRoute, lazyRouteComponent, notFound } from '@tanstack/react-router';
import * as z from 'zod/mini';
import { projectQuery } from '../api/projects.ts';
import { webhookQuery } from '../api/webhooks.ts';
import { orNotFound } from './or-not-found.ts';
import { project } from './project.ts';

const keys = createRoute({
  getParentRoute: () => project,
  path: 'environments/$environment/keys',
  validateSearch: z.object({
    search: z.catch(z.optional(z.string()), undefined),
    behind: z.catch(z.optional(z.literal(true)), undefined),
  }),
  loader: async ({ context: { client }, params }) => {
    const { environments } = await orNotFound(client.ensureQueryData(projectQuery(params.project)));
    if (!environments.some(({ key }) => key === params.environment)) throw notFound();
  },
  component: lazyRouteComponent(() => import('../pages/keys/keys-page.tsx'), 'KeysPage'),
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

/** What connects the installation with others. */
export const settingRoutes = [keys, webhooks, webhook] as const;
