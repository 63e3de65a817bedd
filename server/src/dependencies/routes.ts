import { callerOf } from '../access/guard.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { DependenciesSchema } from './schemas.ts';
import type { Dependencies } from './service.ts';

export function dependencyRoutes(app: App, dependencies: Dependencies): void {
  app.get(
    '/projects/:project/environments/:environment/dependencies',
    {
      config: { access: 'flag:read' },
      schema: {
        operationId: 'getDependencies',
        tags: ['flags'],
        summary: 'What depends on what: flags on flags and segments, segments on segments, releases on flags',
        params: EnvironmentParams,
        response: responses({ 200: refTo(DependenciesSchema) }, 401, 403, 404),
      },
    },
    (request) => {
      const { project, environment } = request.params;
      return dependencies.read(callerOf(request), project, environment);
    },
  );
}
