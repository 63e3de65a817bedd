import { callerOf } from '../access/guard.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import {
  DiffParams,
  EvaluateMomentInput,
  EvaluateRevisionInput,
  PastEvaluationSchema,
  PastItemQuery,
  PastItemSchema,
  PastRevisionSchema,
  PastRulesetSchema,
  RevisionDiffSchema,
  RevisionParams,
  RevisionQuery,
  TransitionsInput,
  TransitionsSchema,
} from './schemas.ts';
import type { History } from './service.ts';

const tags = ['history'];
const config = { access: 'flag:read' } as const;
const ENVIRONMENT = '/projects/:project/environments/:environment';

export function historyRoutes(app: App, history: History): void {
  app.get(
    `${ENVIRONMENT}/revisions`,
    {
      config,
      schema: {
        operationId: 'listRevisions',
        tags,
        summary: "List an environment's revisions, newest first",
        description: 'What each changed, and, for who may read audit events, who did it and why.',
        params: EnvironmentParams,
        querystring: RevisionQuery,
        response: responses({ 200: PageOf(refTo(PastRevisionSchema)) }, 401, 403, 404),
      },
    },
    (request) => history.list(callerOf(request), request.params, request.query),
  );

  app.get(
    `${ENVIRONMENT}/revisions/:number`,
    {
      config,
      schema: {
        operationId: 'getRevision',
        tags,
        summary: 'Get a revision of the past',
        params: RevisionParams,
        response: responses({ 200: refTo(PastRulesetSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => history.get(callerOf(request), request.params, request.params.number),
  );

  app.get(
    `${ENVIRONMENT}/revisions/:number/items`,
    {
      config,
      schema: {
        operationId: 'listRevisionItems',
        tags,
        summary: 'List the documents that a revision served, by kind and key',
        params: RevisionParams,
        querystring: PastItemQuery,
        response: responses({ 200: PageOf(refTo(PastItemSchema)) }, 401, 403, 404, 409),
      },
    },
    (request) => history.items(request.params, request.params.number, request.query),
  );

  app.get(
    `${ENVIRONMENT}/revisions/:number/diff/:other`,
    {
      config,
      schema: {
        operationId: 'diffRevisions',
        tags,
        summary: 'Compare what two revisions served',
        params: DiffParams,
        response: responses({ 200: refTo(RevisionDiffSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => history.diff(request.params, request.params.number, request.params.other),
  );

  app.post(
    `${ENVIRONMENT}/revisions/:number/evaluate`,
    {
      config,
      schema: {
        operationId: 'evaluateRevision',
        tags,
        summary: 'Evaluate one flag or all of them at a revision of the past',
        params: RevisionParams,
        body: refTo(EvaluateRevisionInput),
        response: responses({ 200: refTo(PastEvaluationSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => history.evaluate(request.params, request.params.number, request.body),
  );

  app.post(
    `${ENVIRONMENT}/history/evaluate`,
    {
      config,
      schema: {
        operationId: 'evaluateMoment',
        tags,
        summary: 'Evaluate as at a moment of the past',
        description: 'By the revision and the kills that were in force then. Ramps stand where they stood.',
        params: EnvironmentParams,
        body: refTo(EvaluateMomentInput),
        response: responses({ 200: refTo(PastEvaluationSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => history.evaluateAt(request.params, request.body),
  );

  app.post(
    `${ENVIRONMENT}/history/transitions`,
    {
      config,
      schema: {
        operationId: 'findTransitions',
        tags,
        summary: "Find what made a context's answer differ",
        description:
          'Every revision, kill and stretch of time after which the flag answered otherwise, oldest first. All revisions ' +
          'are looked at: none is missed, also when the answer went to and fro. The last 5000 unless given.',
        params: EnvironmentParams,
        body: refTo(TransitionsInput),
        response: responses({ 200: refTo(TransitionsSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => history.transitions(callerOf(request), request.params, request.body),
  );
}
