import { Type } from '@sinclair/typebox';
import { Key } from '../../http/key-schema.ts';
import { oneOf } from '../../http/literals.ts';
import { PHASES } from '../../migration-plans/phase.ts';
import { closed, common, steady } from './common.ts';

/** Is each new instance ready, with all that it depends on? */
export const HttpGate = Type.Object(
  {
    kind: Type.Literal('http'),
    ...common,
    ...steady,
    urls: Type.Array(Type.String({ minLength: 1, maxLength: 2_000 }), {
      minItems: 1,
      maxItems: 50,
      description:
        'The readiness address of each new instance, of which all must answer well; $candidate stands for its version. ' +
        'https, on the public internet unless the server allows others',
    }),
    status: Type.Optional(
      Type.Integer({
        minimum: 100,
        maximum: 599,
        description: 'What it answers when it is ready; 200 to 299 unless given',
      }),
    ),
    says: Type.Optional(
      Type.Array(
        Type.Object(
          {
            path: Type.String({ minLength: 1, maxLength: 200, description: 'Such as checks.database.status' }),
            equals: Type.Union([Type.String({ maxLength: 1_000 }), Type.Number(), Type.Boolean()]),
          },
          closed,
        ),
        { minItems: 1, maxItems: 20, description: 'What its answer, as JSON, must say: how what it depends on is' },
      ),
    ),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 100, maximum: 30_000, description: '5000 unless given' })),
  },
  { ...closed, description: 'Asks the readiness of each new instance, and of what it depends on' },
);

/** Is a migration of a database where it must be? */
export const MigrationGate = Type.Object(
  {
    kind: Type.Literal('migration'),
    ...common,
    ...steady,
    plan: Type.Optional(Key),
    phase: Type.Optional(oneOf(...PHASES)),
    maxRowsLeft: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Of its backfill at most so many are not done. 0 unless given' }),
    ),
  },
  {
    ...closed,
    description:
      'Waits until a migration (that of the release unless its plan is named) has come to a phase, rests there, and has so few rows left',
  },
);

/** Does something else say that it went well? */
export const JobGate = Type.Object(
  {
    kind: Type.Literal('job'),
    ...common,
    run: Type.Union(
      [
        Type.Object(
          {
            kind: Type.Literal('webhook'),
            webhook: Type.String({
              minLength: 1,
              maxLength: 100,
              description: 'Id of a webhook of the project, whose secret signs what is sent; it need not be enabled',
            }),
          },
          closed,
        ),
        Type.Object(
          {
            kind: Type.Literal('command'),
            command: Type.String({
              minLength: 1,
              maxLength: 100,
              description: 'A program in the folder that BUNTING_GATE_COMMANDS names',
            }),
          },
          closed,
        ),
      ],
      {
        description:
          'It may be run again under the same key after a crash of the server, so it must be idempotent by that key',
      },
    ),
    timeoutSeconds: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 86_400, description: 'What takes longer has failed. 600 unless given' }),
    ),
  },
  { ...closed, description: 'Runs a job once for each attempt and stage: smoke tests, a warm-up, a tool of your own' },
);

const TimeOfDay = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'HH:MM' });

/** Is it a time at which it may go on? */
export const CalendarGate = Type.Object(
  {
    kind: Type.Literal('calendar'),
    ...common,
    days: Type.Optional(
      Type.Array(oneOf('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'), {
        minItems: 1,
        maxItems: 7,
        description: 'Every day unless given',
      }),
    ),
    from: Type.Optional(TimeOfDay),
    to: Type.Optional(TimeOfDay),
    timeZone: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'Such as Europe/Berlin. UTC unless given' }),
    ),
  },
  {
    ...closed,
    description:
      'Lets the stage end only on these days, from `from` to `to`, which is on the next day where it is earlier',
  },
);
