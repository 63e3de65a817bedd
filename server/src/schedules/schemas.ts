import { Type } from '@sinclair/typebox';
import { ActorSchema } from '../audit/schemas.ts';
import { ChangeSchema } from '../change-requests/schemas.ts';
import { DisplayName, Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { Moment } from '../http/moment.ts';
import { PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { WEEKDAYS } from './window.ts';

const Changes = Type.Array(refTo(ChangeSchema), { minItems: 1, maxItems: 100 });
const Time = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'HH:MM' });

export const WindowSchema = Type.Object(
  {
    weekdays: Type.Array(oneOf(...WEEKDAYS), { minItems: 1, maxItems: 7, uniqueItems: true }),
    from: Time,
    to: Type.String({ ...Time, description: 'HH:MM; not later than from: of the next day' }),
    timeZone: Type.String({ minLength: 1, maxLength: 100, description: 'IANA, such as Europe/Berlin' }),
  },
  {
    additionalProperties: false,
    description:
      'By the clocks of the place: a time that they leave out comes as much later, of one that comes twice the first is meant',
  },
);

const given = {
  title: DisplayName,
  toleranceMinutes: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 10_080,
      description: 'How late it may be done when no server ran at its time; 60 unless given. Windows always catch up',
    }),
  ),
};

export const ScheduleInput = Type.Union(
  [
    Type.Object(
      { kind: Type.Literal('once'), ...given, at: Moment('When'), changes: Changes },
      { additionalProperties: false },
    ),
    Type.Object(
      {
        kind: Type.Literal('request'),
        ...given,
        at: Moment('When'),
        changeRequest: Type.String({ maxLength: 100, description: 'Applied then, if it is approved by then' }),
      },
      { additionalProperties: false },
    ),
    Type.Object(
      {
        kind: Type.Literal('repeat'),
        ...given,
        window: WindowSchema,
        changes: Type.Array(refTo(ChangeSchema), { minItems: 1, maxItems: 100, description: 'When it begins' }),
        endChanges: Type.Array(refTo(ChangeSchema), { minItems: 1, maxItems: 100, description: 'When it ends' }),
      },
      { additionalProperties: false },
    ),
  ],
  { $id: 'ScheduleInput' },
);

const StateSchema = oneOf('active', 'paused', 'done', 'failed', 'missed', 'cancelled');

export const ScheduleSchema = Type.Object(
  {
    id: Type.String(),
    kind: oneOf('once', 'request', 'repeat'),
    title: DisplayName,
    at: Type.Optional(Timestamp),
    window: Type.Optional(WindowSchema),
    changes: Type.Optional(Changes),
    endChanges: Type.Optional(Changes),
    changeRequest: Type.Optional(Type.String()),
    toleranceMinutes: Type.Integer(),
    state: StateSchema,
    reason: Type.Union([Type.String(), Type.Null()], { description: 'Why it failed the last time' }),
    dueAt: Type.Union([Timestamp, Type.Null()], { description: 'When it does something next' }),
    createdBy: ActorSchema,
    version: Type.Integer(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { $id: 'Schedule', additionalProperties: false },
);

export const ScheduleRunSchema = Type.Object(
  {
    dueAt: Timestamp,
    edge: oneOf('once', 'start', 'end'),
    outcome: oneOf('applied', 'failed', 'missed'),
    reason: Type.Union([Type.String(), Type.Null()]),
    ranAt: Timestamp,
  },
  { $id: 'ScheduleRun', additionalProperties: false, description: 'What became of a time at which it was due' },
);

export const ScheduleParams = Type.Object(
  { project: Key, schedule: Type.String({ maxLength: 100 }) },
  { additionalProperties: false },
);

export const ScheduleQuery = Type.Object(
  { ...PageQuery, state: Type.Optional(StateSchema) },
  { additionalProperties: false },
);
