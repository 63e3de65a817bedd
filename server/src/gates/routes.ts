import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { ReleaseParams } from '../releases/schemas.ts';
import { GateRunDetailSchema, GateRunParams, GateRunsSchema, GateTrial, GateTrialAnswer } from './run-schemas.ts';
import type { Trials } from './trials.ts';
import type { GateViews } from './views.ts';

const tags = ['releases'];
const RUNS = '/projects/:project/releases/:release/gates';

export function gateRoutes(app: App, views: GateViews, trials: Trials): void {
  app.get(
    RUNS,
    {
      config: { access: 'release:read' },
      schema: {
        operationId: 'listGateRuns',
        tags,
        summary: 'List what the gates of a release found, the latest attempt first',
        params: ReleaseParams,
        response: responses({ 200: refTo(GateRunsSchema) }, 401, 403, 404),
      },
    },
    async (request) => ({ items: await views.list(request.params) }),
  );

  app.get(
    `${RUNS}/:run`,
    {
      config: { access: 'release:read' },
      schema: {
        operationId: 'getGateRun',
        tags,
        summary: 'Get what a gate measured, judged again, for a chart',
        params: GateRunParams,
        response: responses({ 200: refTo(GateRunDetailSchema) }, 401, 403, 404),
      },
    },
    (request) => views.get(request.params),
  );

  app.post(
    '/projects/:project/environments/:environment/gates/try',
    {
      config: { access: 'release:write' },
      schema: {
        operationId: 'tryGate',
        tags,
        summary: 'Judge a gate now; nothing is kept, and no job is run',
        description:
          'By the last minutes where the past is known, else by one look. What otherwise takes several good or bad looks in ' +
          'a row takes one.',
        params: EnvironmentParams,
        body: refTo(GateTrial),
        response: responses({ 200: refTo(GateTrialAnswer) }, 401, 403, 404),
      },
    },
    (request) => trials.try(request.params, request.body),
  );
}
