import { callerOf } from '../access/guard.ts';
import { FlagChange, FlagEnvironmentParams } from '../flags/schemas.ts';
import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { IfMatchHeader, readIfMatch } from '../http/version-tags.ts';
import { RevertParams, RevertQuery, RevertSchema, SetBackInput } from './schemas.ts';
import type { Reverts } from './service.ts';

const tags = ['history'];

export function revertRoutes(app: App, reverts: Reverts): void {
  app.post(
    '/audit/:event/revert',
    {
      // Where the event was, the service asks.
      config: { access: 'history:revert', anywhere: true },
      schema: {
        operationId: 'revertAuditEvent',
        tags,
        summary: 'Undo a change, as a new change',
        description:
          'Of flags, what they are in environments, and segments with their keys. Only what that change set is set back; ' +
          'what was changed again since is a conflict (409 revert_conflict), which says by whom.',
        params: RevertParams,
        querystring: RevertQuery,
        response: responses({ 200: refTo(RevertSchema) }, 401, 403, 404, 409, 412),
      },
    },
    (request) => reverts.revert(callerOf(request), request.params.event, request.query.preview ?? false),
  );

  app.post(
    '/projects/:project/flags/:flag/environments/:environment/set-back',
    {
      config: { access: 'history:revert' },
      schema: {
        operationId: 'setFlagEnvironmentBack',
        tags,
        summary: 'Set a flag in an environment back to what a past revision served',
        params: FlagEnvironmentParams,
        headers: IfMatchHeader,
        body: refTo(SetBackInput),
        response: responses({ 200: refTo(FlagChange) }, 401, 403, 404, 409, 412),
      },
    },
    (request) => {
      const ifVersion = readIfMatch(request.headers['if-match']);
      return reverts.setBack(callerOf(request), request.params, request.body.revision, ifVersion);
    },
  );
}
