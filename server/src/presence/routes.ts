import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import type { Presence } from './presence.ts';
import { PresenceInput, PresenceParams } from './schemas.ts';

const tags = ['presence'];
const TAB = '/projects/:project/presence/:tab';
/** It is in memory: nobody waits for a database. */
const config = { access: 'flag:read', withoutDatabase: true } as const;

export function presenceRoutes(app: App, presence: Presence): void {
  app.put(
    TAB,
    {
      config,
      logLevel: 'warn',
      schema: {
        operationId: 'enterPage',
        tags,
        summary: 'Say that a tab is on the page of a flag or a release, or is still there',
        description:
          'Said again at least every 20 s, else the tab has gone. Others on the same page hear of it on streamReceipts. ' +
          'Nothing of it is stored.',
        params: PresenceParams,
        body: refTo(PresenceInput),
        response: responses({ 204: Type.Null({ description: 'Noted' }) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const { project, tab } = request.params;
      presence.enter(callerOf(request).actor, project, tab, request.body);
      return reply.code(204).send(null);
    },
  );

  app.delete(
    TAB,
    {
      config,
      logLevel: 'warn',
      schema: {
        operationId: 'leavePage',
        tags,
        summary: 'Say that a tab is on no such page any more',
        params: PresenceParams,
        response: responses({ 204: Type.Null({ description: 'Noted' }) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      presence.leave(callerOf(request).actor, request.params.tab);
      return reply.code(204).send(null);
    },
  );
}
