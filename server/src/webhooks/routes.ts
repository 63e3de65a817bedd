import { type TSchema, Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { Key } from '../http/key-schema.ts';
import { PageOf, PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { IfMatchHeader, readIfMatch } from '../http/version-tags.ts';
import {
  AttemptSchema,
  DeliveryParams,
  DeliveryQuery,
  DeliverySchema,
  NewWebhookSchema,
  Redelivered,
  WebhookInput,
  WebhookParams,
  WebhookPatch,
  WebhookSchema,
  WebhookSecretSchema,
} from './schemas.ts';
import type { Webhooks } from './service.ts';

const tags = ['webhooks'];
const config = { access: 'webhook:write' } as const;
const WEBHOOKS = '/projects/:project/webhooks';
const WEBHOOK = `${WEBHOOKS}/:webhook`;
const ProjectParams = Type.Object({ project: Key }, { additionalProperties: false });

const describe = <const P extends TSchema>(operationId: string, summary: string, params: P) => ({
  operationId,
  tags,
  summary,
  params,
});

export function webhookRoutes(app: App, webhooks: Webhooks): void {
  app.get(
    WEBHOOKS,
    {
      config,
      schema: {
        ...describe('listWebhooks', 'List the webhooks of a project, oldest first', ProjectParams),
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: responses({ 200: PageOf(refTo(WebhookSchema)) }, 401, 403, 404),
      },
    },
    (request) => webhooks.list(request.params.project, request.query),
  );

  app.post(
    WEBHOOKS,
    {
      config,
      schema: {
        ...describe('createWebhook', 'Create a webhook, which hears of what happens from now on', ProjectParams),
        body: refTo(WebhookInput),
        response: responses({ 201: refTo(NewWebhookSchema) }, 401, 403, 404),
      },
    },
    async (request, reply) =>
      reply.code(201).send(await webhooks.create(callerOf(request), request.params.project, request.body)),
  );

  app.get(
    WEBHOOK,
    {
      config,
      schema: {
        ...describe('getWebhook', 'Get a webhook', WebhookParams),
        response: responses({ 200: refTo(WebhookSchema) }, 401, 403, 404),
      },
    },
    (request) => webhooks.get(request.params.project, request.params.webhook),
  );

  app.patch(
    WEBHOOK,
    {
      config,
      schema: {
        ...describe('updateWebhook', 'Change a webhook, or turn it on and off', WebhookParams),
        headers: IfMatchHeader,
        body: refTo(WebhookPatch),
        response: responses({ 200: refTo(WebhookSchema) }, 401, 403, 404, 412),
      },
    },
    (request) => {
      const { project, webhook } = request.params;
      const ifVersion = readIfMatch(request.headers['if-match']);
      return webhooks.update(callerOf(request), project, webhook, request.body, ifVersion);
    },
  );

  app.delete(
    WEBHOOK,
    {
      config,
      schema: {
        ...describe('deleteWebhook', 'Delete a webhook and what is known of its deliveries', WebhookParams),
        response: responses({ 204: Type.Null({ description: 'Deleted' }) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      await webhooks.remove(callerOf(request), request.params.project, request.params.webhook);
      return reply.code(204).send(null);
    },
  );

  app.post(
    `${WEBHOOK}/rotate-secret`,
    {
      config,
      schema: {
        ...describe('rotateWebhookSecret', 'Make a new secret; the one before signs too for a day', WebhookParams),
        response: responses({ 200: refTo(WebhookSecretSchema) }, 401, 403, 404),
      },
    },
    (request) => webhooks.rotateSecret(callerOf(request), request.params.project, request.params.webhook),
  );

  app.post(
    `${WEBHOOK}/test`,
    {
      config,
      schema: {
        ...describe('testWebhook', 'Send a test message now, and tell what came of it', WebhookParams),
        response: responses({ 200: refTo(AttemptSchema) }, 401, 403, 404),
      },
    },
    (request) => webhooks.test(callerOf(request), request.params.project, request.params.webhook),
  );

  deliveryRoutes(app, webhooks);
}

function deliveryRoutes(app: App, webhooks: Webhooks): void {
  app.get(
    `${WEBHOOK}/deliveries`,
    {
      config,
      schema: {
        ...describe('listWebhookDeliveries', 'List what was and is to be delivered, newest first', WebhookParams),
        querystring: DeliveryQuery,
        response: responses({ 200: PageOf(refTo(DeliverySchema)) }, 401, 403, 404),
      },
    },
    (request) => webhooks.listDeliveries(request.params.project, request.params.webhook, request.query),
  );

  app.post(
    `${WEBHOOK}/redeliver`,
    {
      config,
      schema: {
        ...describe('redeliverFailed', 'Deliver once more all that failed', WebhookParams),
        response: responses({ 202: Redelivered }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const { project, webhook } = request.params;
      return reply.code(202).send({ deliveries: await webhooks.redeliver(callerOf(request), project, webhook) });
    },
  );

  app.post(
    `${WEBHOOK}/deliveries/:delivery/redeliver`,
    {
      config,
      schema: {
        ...describe('redeliverOne', 'Deliver once more', DeliveryParams),
        response: responses({ 202: Redelivered }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const { project, webhook, delivery } = request.params;
      return reply
        .code(202)
        .send({ deliveries: await webhooks.redeliver(callerOf(request), project, webhook, delivery) });
    },
  );
}
