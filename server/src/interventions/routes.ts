import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { ProjectParams } from '../projects/schemas.ts';
import type { InterventionHistory } from './history.ts';
import { InterventionQuery, InterventionSchema } from './schemas.ts';

export function interventionRoutes(app: App, history: InterventionHistory): void {
  app.get(
    '/projects/:project/interventions',
    {
      config: { access: 'signal:read' },
      schema: {
        operationId: 'listInterventions',
        tags: ['interventions'],
        summary: 'List what signals and safeguards asked for in a project, and what became of it, newest first',
        params: ProjectParams,
        querystring: InterventionQuery,
        response: responses({ 200: PageOf(refTo(InterventionSchema)) }, 401, 403, 404),
      },
    },
    (request) => history.list(request.params.project, request.query),
  );
}
