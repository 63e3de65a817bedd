import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { MeasurementsParams, MeasurementsQuery, MeasurementsSchema } from './schemas.ts';
import type { MeasurementViews } from './service.ts';

/** Measurements are in memory: they can be read while the database fails. */
const config = { access: 'flag:read', withoutDatabase: true } as const;

export function measurementRoutes(app: App, measurements: MeasurementViews): void {
  app.get(
    '/projects/:project/environments/:environment/flags/:flag/measurements',
    {
      config,
      schema: {
        operationId: 'getMeasurements',
        tags: ['measurements'],
        summary: "What a flag's code paths did: counts, errors, durations, comparisons",
        description:
          'Measured by SDKs with server keys (`flags.run`, `migrate`, `shadow`); of all servers together. Kept by the second ' +
          'for 15 minutes, by the minute for 24 hours, by instance and 15 seconds for 5 minutes. Without `from`, of the last 15 ' +
          'minutes (`by=instance`: 5); without `step`, in about 60 steps.',
        params: MeasurementsParams,
        querystring: MeasurementsQuery,
        response: responses({ 200: refTo(MeasurementsSchema) }, 401, 403, 404),
      },
    },
    async ({ params, query }) => measurements.get(params, query),
  );
}
