import { validationFailed } from '../http/api-error.ts';
import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { callerOf, requirePermission } from './guard.ts';
import { PERMISSIONS, type Permission } from './permissions.ts';
import { PermissionListSchema, PlaceQuery } from './schemas.ts';

export function accessRoutes(app: App): void {
  app.get(
    '/permissions',
    {
      config: { access: 'project:read', anywhere: true },
      schema: {
        operationId: 'listOwnPermissions',
        tags: ['access'],
        summary: 'What the caller may do at a place',
        description: 'In an environment, in a project as a whole, or, without a query, in the whole installation.',
        querystring: PlaceQuery,
        response: responses({ 200: refTo(PermissionListSchema) }, 401, 403, 404),
      },
    },
    async (request) => {
      const place = request.query;
      const caller = callerOf(request);
      if (place.project !== undefined) requirePermission(caller, 'project:read', { project: place.project });
      else if (place.environment !== undefined)
        throw validationFailed([{ path: 'project', message: 'is required with environment' }]);
      const all = Object.keys(PERMISSIONS) as Permission[];
      return { permissions: all.filter((permission) => caller.can(permission, place)) };
    },
  );
}
