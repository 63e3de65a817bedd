import { Type } from '@sinclair/typebox';
import { Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { PageQuery } from '../http/page.ts';
import { ACTIONS, RESULTS } from '../interventions/intervention.ts';
import { SourceParams } from './schemas.ts';

const strict = { additionalProperties: false };
const State = oneOf('matched', 'unmatched', 'malformed');
const Texts = Type.Record(Type.String(), Type.String());

const alert = {
  fingerprint: Type.String({ description: 'The same whenever the same thing goes wrong' }),
  episode: Type.String({ description: 'This time: one acts once' }),
  status: oneOf('firing', 'resolved', 'unknown'),
  startsAt: Timestamp,
  labels: Texts,
  annotations: Texts,
  value: Type.Optional(Type.Number()),
  link: Type.Optional(Type.String()),
};

const Match = Type.Object(
  {
    project: Key,
    binding: Key,
    note: Type.String(),
    outcomes: Type.Array(
      Type.Object(
        {
          id: Type.String({ description: 'Of the intervention, and its audit event' }),
          action: oneOf(...ACTIONS),
          target: Type.Object({ project: Key, environment: Key, flag: Key }, strict),
          result: oneOf(...RESULTS),
          reason: Type.String(),
        },
        strict,
      ),
    ),
  },
  strict,
);

const Alerts = Type.Object(
  {
    total: Type.Integer(),
    shown: Type.Array(
      Type.Object(
        {
          ...alert,
          matches: Type.Union([Type.Array(Match), Type.Null()], {
            description: 'What matched and what came of it; null: that was not known yet',
          }),
        },
        strict,
      ),
      { description: 'Those that matched first, 100 at most' },
    ),
  },
  strict,
);

const signal = {
  id: Type.String(),
  deliveryId: Type.String(),
  state: State,
  note: Type.Union([Type.String(), Type.Null()], {
    description: 'Why nothing could be made of it, or what is missing',
  }),
  receivedAt: Timestamp,
  deliveries: Type.Integer({ description: 'How often it came' }),
  lastAt: Timestamp,
  bodyBytes: Type.Integer(),
  alerts: Alerts,
};

export const SignalSchema = Type.Object(signal, { $id: 'Signal', ...strict });

export const WholeSignalSchema = Type.Object(
  {
    ...signal,
    headers: Type.Record(Type.String(), Type.String(), { description: 'Never those that prove it' }),
    body: Type.String({ description: 'As it came' }),
    encoding: oneOf('utf8', 'base64'),
    isWhole: Type.Boolean({ description: 'false: of a large body only the first bytes are kept' }),
  },
  { $id: 'WholeSignal', ...strict },
);

export const TriedSignalSchema = Type.Object(
  {
    body: Type.String({ description: 'What was read' }),
    note: Type.Union([Type.String(), Type.Null()]),
    alerts: Type.Array(
      Type.Object(
        {
          ...alert,
          foreseen: Type.Array(
            Type.Object(
              {
                project: Key,
                binding: Key,
                matched: Type.Boolean(),
                note: Type.String({ description: 'Why it does not act, or what is lowered' }),
                action: oneOf(...ACTIONS),
                mode: oneOf('armed', 'dry_run'),
                targets: Type.Array(
                  Type.Object(
                    { environment: Key, flag: Key, result: oneOf(...RESULTS), reason: Type.String() },
                    strict,
                  ),
                ),
              },
              strict,
            ),
          ),
        },
        strict,
      ),
      { description: '100 at most' },
    ),
  },
  { $id: 'TriedSignal', ...strict },
);

export const SampleSignalInput = Type.Object(
  {
    labels: Type.Optional(
      Type.Record(Type.String({ minLength: 1, maxLength: 200 }), Type.String({ maxLength: 1000 }), {
        maxProperties: 100,
        description: 'Of a message in the form of the vendor, that begins now',
      }),
    ),
    body: Type.Optional(
      Type.String({ maxLength: 500_000, description: 'A body of your own instead, such as one that the vendor sent' }),
    ),
  },
  { $id: 'SampleSignalInput', ...strict },
);

export const ConfirmedSchema = Type.Object({ topic: Type.String() }, strict);

export const SignalParams = Type.Object(
  { ...SourceParams.properties, signal: Type.String({ maxLength: 100 }) },
  strict,
);

export const SignalQuery = Type.Object(
  {
    ...PageQuery,
    state: Type.Optional(State),
    search: Type.Optional(
      Type.String({
        maxLength: 200,
        description: 'Only those in whose alerts, matches or note this text is, whether a to z are large or small',
      }),
    ),
  },
  strict,
);
