import { Type } from '@sinclair/typebox';
import type { App } from '../http/app-types.ts';
import type { Presence } from './presence.ts';
import { Visit } from './schemas.ts';

/** Where servers tell each other who is on which page, below `/internal/v1`. */
export const PRESENCE_PATH = '/presence';

const Told = Type.Object({
  server: Type.String({ minLength: 1, maxLength: 100 }),
  visits: Type.Array(Visit, { maxItems: 5_000 }),
});

export function presenceInternalRoutes(app: App, presence: Presence): void {
  app.post(PRESENCE_PATH, { logLevel: 'warn', schema: { hide: true, body: Told } }, async ({ body }) => {
    presence.hear(body.server, body.visits);
    return {};
  });
}
