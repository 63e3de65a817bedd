import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import {
  ExplanationSchema,
  ReplayInput,
  ReplaySchema,
  VerdictParams,
  VerdictQuery,
  VerdictSchema,
} from './verdict-schemas.ts';
import type { Verdicts } from './verdicts.ts';

const tags = ['safeguards'];
const config = { access: 'signal:read' } as const;
const VERDICTS = '/projects/:project/environments/:environment/verdicts';
const VERDICT = `${VERDICTS}/:verdict`;

export function verdictRoutes(app: App, verdicts: Verdicts): void {
  app.get(
    VERDICTS,
    {
      config,
      schema: {
        operationId: 'listVerdicts',
        tags,
        summary: 'List what safeguards found, newest first',
        params: EnvironmentParams,
        querystring: VerdictQuery,
        response: responses({ 200: PageOf(refTo(VerdictSchema)) }, 401, 403, 404),
      },
    },
    (request) => verdicts.list(request.params, request.query),
  );

  app.get(
    VERDICT,
    {
      config,
      schema: {
        operationId: 'getVerdict',
        tags,
        summary: 'Get what a safeguard found',
        params: VerdictParams,
        response: responses({ 200: refTo(VerdictSchema) }, 401, 403, 404),
      },
    },
    (request) => verdicts.get(request.params),
  );

  app.get(
    `${VERDICT}/explain`,
    {
      config,
      schema: {
        operationId: 'explainVerdict',
        tags,
        summary: 'Why a safeguard failed, in sentences',
        params: VerdictParams,
        response: responses({ 200: refTo(ExplanationSchema) }, 401, 403, 404),
      },
    },
    (request) => verdicts.explain(request.params),
  );

  app.post(
    `${VERDICT}/replay`,
    {
      config,
      schema: {
        operationId: 'replayVerdict',
        tags,
        summary: 'Judge the same counts once more, by the same test or another; changes nothing',
        params: VerdictParams,
        body: refTo(ReplayInput),
        response: responses({ 200: refTo(ReplaySchema) }, 401, 403, 404),
      },
    },
    (request) => verdicts.replay(request.params, request.body),
  );
}
