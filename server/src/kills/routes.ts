import { callerOf } from '../access/guard.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import { FlagEnvironmentParams } from '../flags/schemas.ts';
import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import type { Kills } from './kills.ts';
import { KillAnswerSchema, KillInput, KillQuery, KillSchema } from './schemas.ts';

const tags = ['kills'];

export function killRoutes(app: App, kills: Kills): void {
  app.post(
    '/projects/:project/flags/:flag/environments/:environment/kill',
    {
      config: { access: 'kill:engage', withoutDatabase: true, quota: 'kills' },
      schema: {
        operationId: 'killFlag',
        tags,
        summary: 'Serve the safe variant to everyone at once, until someone re-arms the flag',
        description:
          'Needs no database: it is in force when it is answered, and `stored` when it also outlives every server. ' +
          'Killing a killed flag answers the kill that is in force, and tells the other servers again.',
        params: FlagEnvironmentParams,
        body: refTo(KillInput),
        response: responses({ 200: refTo(KillAnswerSchema) }, 401, 403, 404),
      },
    },
    (request) => kills.engage(callerOf(request), request.params, request.body.reason),
  );

  app.post(
    '/projects/:project/flags/:flag/environments/:environment/rearm',
    {
      config: { access: 'kill:rearm' },
      schema: {
        operationId: 'rearmFlag',
        tags,
        summary: 'End a kill: the flag serves what its targeting says again',
        description: 'Needs the database, so that a kill is never forgotten.',
        params: FlagEnvironmentParams,
        body: refTo(KillInput),
        response: responses({ 200: refTo(KillAnswerSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => kills.rearm(callerOf(request), request.params, request.body.reason),
  );

  app.get(
    '/projects/:project/environments/:environment/kills',
    {
      config: { access: 'flag:read', withoutDatabase: true },
      schema: {
        operationId: 'listKills',
        tags,
        summary: 'List the flags that are killed',
        params: EnvironmentParams,
        querystring: KillQuery,
        response: responses({ 200: PageOf(refTo(KillSchema)) }, 401, 403, 404),
      },
    },
    async (request) => kills.list(request.params, request.query),
  );
}
