import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { ExposuresParams, ExposuresQuery, ExposuresSchema } from './schemas.ts';
import type { ExposureViews } from './service.ts';

/** Exposures are in memory: they can be read while the database fails. */
const config = { access: 'flag:read', withoutDatabase: true } as const;

export function exposureRoutes(app: App, exposures: ExposureViews): void {
  app.get(
    '/projects/:project/environments/:environment/flags/:flag/exposures',
    {
      config,
      schema: {
        operationId: 'getExposures',
        tags: ['measurements'],
        summary: 'How often a flag was evaluated to which variant, over the last hour or day',
        description:
          'As SDKs tell every 10 seconds, counted by when that came; of all servers together, from memory: since the servers ' +
          'began. Without `span`, of the last hour by the minute; of a day by the quarter of an hour.',
        params: ExposuresParams,
        querystring: ExposuresQuery,
        response: responses({ 200: refTo(ExposuresSchema) }, 401, 403, 404),
      },
    },
    async ({ params, query }) => exposures.get(params, query.span ?? 'hour'),
  );
}
