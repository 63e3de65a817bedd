import { type Static, Type } from '@sinclair/typebox';
import type { App } from '../http/app-types.ts';
import { KillRecordSchema } from './kill-record.ts';
import type { Kills } from './kills.ts';

/** What servers tell each other of kills and re-arms, below `/internal/v1`. */
export const KILLS_PATH = '/kills';

/** Of the longest reasons, these fit into a body. */
export const MAX_KILLS_A_POST = 200;

export const KillPost = Type.Object({
  kills: Type.Array(KillRecordSchema, { maxItems: MAX_KILLS_A_POST }),
  isStored: Type.Boolean({ description: 'False: the sender is still trying to store them' }),
});
export type KillPost = Static<typeof KillPost>;

export const KillPostAnswer = Type.Object({
  unknown: Type.Array(Type.String(), { description: 'Ids of environments that the receiver does not know yet' }),
});
export type KillPostAnswer = Static<typeof KillPostAnswer>;

export const UnstoredKillsAnswer = Type.Object({ kills: Type.Array(KillRecordSchema) });

export function killInternalRoutes(app: App, kills: Kills): void {
  app.post(
    KILLS_PATH,
    { schema: { hide: true, body: KillPost, response: { 200: KillPostAnswer } } },
    async ({ body }) => {
      const unknown = new Set<string>();
      for (const record of body.kills) if (!kills.receive(record, body.isStored)) unknown.add(record.environmentId);
      return { unknown: [...unknown] };
    },
  );

  app.get(KILLS_PATH, { schema: { hide: true, response: { 200: UnstoredKillsAnswer } } }, async () => ({
    kills: kills.unstoredRecords(),
  }));
}
