import { Type } from '@sinclair/typebox';

export const HealthSchema = Type.Object({ status: Type.Literal('ok') }, { $id: 'Health', additionalProperties: false });

export const ReadinessSchema = Type.Object(
  {
    status: Type.Union([Type.Literal('ready'), Type.Literal('degraded'), Type.Literal('draining')]),
    database: Type.Union([Type.Literal('ok'), Type.Literal('failing')], {
      description: 'failing: flags are served from memory, and nothing can be changed',
    }),
    engine: Type.Union([Type.Literal('sqlite'), Type.Literal('postgres')]),
    notifications: Type.Union([Type.Literal('none'), Type.Literal('listening'), Type.Literal('polling')], {
      description:
        "How other servers' changes are learned of. listening: at once. polling: at intervals, for LISTEN is not to be had. none: there are no other servers",
    }),
    environments: Type.Integer({ description: 'Rulesets in memory' }),
    unstoredKills: Type.Integer({ description: 'Kills in force that the database does not have yet' }),
  },
  { $id: 'Readiness', additionalProperties: false },
);
