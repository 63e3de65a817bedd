import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import { FlagEnvironmentParams } from '../flags/schemas.ts';
import type { App } from '../http/app-types.ts';
import { PageOf, PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { HoldInput, RampAnswer, RampSchema, ResumeInput } from './schemas.ts';
import type { Ramps } from './service.ts';

const tags = ['ramps'];
const FLAG_RAMPS = '/projects/:project/flags/:flag/environments/:environment/ramps';

export function rampRoutes(app: App, ramps: Ramps): void {
  app.get(
    '/projects/:project/environments/:environment/ramps',
    {
      config: { access: 'flag:read' },
      schema: {
        operationId: 'listRamps',
        tags,
        summary: 'List the splits that follow a schedule or are held, by flag',
        description: 'A page is of `limit` flags; each may have several ramps, or none left.',
        params: EnvironmentParams,
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: responses({ 200: PageOf(refTo(RampSchema)) }, 401, 403, 404),
      },
    },
    (request) => ramps.list(request.params, request.query),
  );

  app.post(
    `${FLAG_RAMPS}/hold`,
    {
      config: { access: 'targeting:write' },
      schema: {
        operationId: 'holdRamps',
        tags,
        summary: 'Stop the ramps of a flag where they are',
        description:
          'Moves nobody, so it needs no approval and waits for no freeze. What a ramp was to take away it still takes. ' +
          'Refused (409) when nothing would expose more people by itself.',
        params: FlagEnvironmentParams,
        body: refTo(HoldInput),
        response: responses({ 200: refTo(RampAnswer) }, 401, 403, 404, 409),
      },
    },
    (request) => ramps.hold(callerOf(request), request.params, request.body.reason),
  );

  app.post(
    `${FLAG_RAMPS}/resume`,
    {
      config: { access: 'targeting:write' },
      schema: {
        operationId: 'resumeRamps',
        tags,
        summary: 'Let the ramps of a flag go on, later by how long they were held',
        description:
          'Moves nobody at that moment. A change like any other: it may need approval (the edit resumeRamp).',
        params: FlagEnvironmentParams,
        body: refTo(ResumeInput),
        response: responses({ 200: refTo(RampAnswer) }, 401, 403, 404, 409),
      },
    },
    (request) => ramps.resume(callerOf(request), request.params, request.body.reason, request.body.cause),
  );
}
