import { Type } from '@sinclair/typebox';
import type { App } from '../http/app-types.ts';
import type { Measurements } from './measurements.ts';
import { readAsk, writeReading } from './peer-reading.ts';

/** What this server's instances measured, for the other servers: of a flag, and what safeguards watch. */
export function measurementInternalRoutes(app: App, measurements: Measurements): void {
  app.get(
    '/measurements',
    {
      logLevel: 'warn',
      schema: {
        hide: true,
        querystring: Type.Object({ ask: Type.String({ maxLength: 10_000 }) }, { additionalProperties: false }),
      },
    },
    async ({ query }) => writeReading(await measurements.read(readAsk(query.ask))),
  );

  app.get(
    '/measurements/running',
    {
      logLevel: 'warn',
      schema: {
        hide: true,
        querystring: Type.Object({ since: Type.Integer({ minimum: 0 }) }, { additionalProperties: false }),
      },
    },
    ({ query }) => measurements.running.since(query.since),
  );

  app.get(
    '/measurements/firsts',
    {
      logLevel: 'warn',
      schema: {
        hide: true,
        querystring: Type.Object({ since: Type.Integer({ minimum: 0 }) }, { additionalProperties: false }),
      },
    },
    ({ query }) => measurements.firsts.since(query.since),
  );
}
