import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { ProjectParams } from '../projects/schemas.ts';
import { LineAnswer, LineInput } from './schemas.ts';
import type { Line } from './service.ts';

const tags = ['ramps'];

export function lineRoutes(app: App, line: Line): void {
  app.post(
    '/projects/:project/stop-the-line',
    {
      config: { access: 'kill:engage', anywhere: true },
      schema: {
        operationId: 'stopTheLine',
        tags,
        summary: 'Stop everything in a project, or some of its environments, that exposes more people by itself',
        description:
          'Ramps are held, no ramp can be started, releases grow no further, and scheduled changes wait, but for those that ' +
          'only turn flags off. It ' +
          'moves nobody, so it needs no approval. Needs kill:engage where it stops.',
        params: ProjectParams,
        body: refTo(LineInput),
        response: responses({ 200: refTo(LineAnswer) }, 401, 403, 404),
      },
    },
    (request) => line.stop(callerOf(request), request.params.project, request.body),
  );

  app.post(
    '/projects/:project/resume-the-line',
    {
      config: { access: 'kill:rearm', anywhere: true },
      schema: {
        operationId: 'resumeTheLine',
        tags,
        summary: 'Let ramps and scheduled changes go on',
        description:
          'Ramps go on from where they are, later by how long they were held, unless something else holds them, too. Needs ' +
          'kill:rearm where it goes on.',
        params: ProjectParams,
        body: refTo(LineInput),
        response: responses({ 200: refTo(LineAnswer) }, 401, 403, 404, 409),
      },
    },
    (request) => line.resume(callerOf(request), request.params.project, request.body),
  );
}
