import { Type } from '@sinclair/typebox';
import type { App } from './app-types.ts';

const NOTHING = Type.Object({}, { additionalProperties: false });

/** Routes that describe no query take none: `?preview=true` where it means nothing must not be passed over. */
export function refuseUnknownQueries(app: App): void {
  app.addHook('onRoute', (route) => {
    route.schema = { querystring: NOTHING, ...route.schema };
  });
}
