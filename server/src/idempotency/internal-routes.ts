import { Type } from '@sinclair/typebox';
import type { App } from '../http/app-types.ts';
import { ATTEMPTS_PATH, type AttemptState, type UnderWay } from './under-way.ts';

/** Tells other servers whether this one is at an attempt. */
export function idempotencyInternalRoutes(app: App, underWay: Pick<UnderWay, 'isHere'>): void {
  const params = Type.Object({ attempt: Type.String({ maxLength: 100 }) }, { additionalProperties: false });
  app.get(
    `${ATTEMPTS_PATH}/:attempt`,
    { logLevel: 'warn', schema: { hide: true, params } },
    async ({ params }): Promise<AttemptState> => ({ isUnderWay: underWay.isHere(params.attempt) }),
  );
}
