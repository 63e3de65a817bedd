import { callerOf } from '../access/guard.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { ProjectParams } from '../projects/schemas.ts';
import { CompareQuery, FlagComparison, PromotionAnswer, PromotionInput } from './schemas.ts';
import type { Promotions } from './service.ts';

const tags = ['promotions'];

export function promotionRoutes(app: App, promotions: Promotions): void {
  app.get(
    '/projects/:project/compare',
    {
      config: { access: 'flag:read' },
      schema: {
        operationId: 'compareEnvironments',
        tags,
        summary: 'Compare what flags are in two environments, by key',
        params: ProjectParams,
        querystring: CompareQuery,
        response: responses({ 200: PageOf(refTo(FlagComparison)) }, 401, 403, 404),
      },
    },
    async (request) => promotions.compare(request.params.project, request.query),
  );

  app.post(
    '/projects/:project/environments/:environment/promotions',
    {
      config: { access: 'targeting:write' },
      schema: {
        operationId: 'promoteFlags',
        tags,
        summary: 'Copy parts of flags from another environment to this one',
        description:
          'As one revision, or not at all: refused (409) with all reasons when something is not valid here, such as a ' +
          'segment that is missing. A preview tells them as findings.',
        params: EnvironmentParams,
        body: refTo(PromotionInput),
        response: responses({ 200: refTo(PromotionAnswer) }, 401, 403, 404, 409, 412),
      },
    },
    (request) => promotions.promote(callerOf(request), request.params, request.body),
  );
}
