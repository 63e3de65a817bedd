import { Type } from '@sinclair/typebox';
import { DisplayName, Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { Moment } from '../http/moment.ts';
import { PageQuery } from '../http/page.ts';
import { ACTIONS, RESULTS } from '../interventions/intervention.ts';

const strict = { additionalProperties: false };
const Label = Type.String({ minLength: 1, maxLength: 200, description: "A label's name" });
const Text = Type.String({ maxLength: 1000 });

export const MatcherSchema = Type.Union(
  [
    Type.Object({ label: Label, equals: Text }, strict),
    Type.Object({ label: Label, in: Type.Array(Text, { minItems: 1, maxItems: 100 }) }, strict),
    Type.Object({ label: Label, matches: Type.String({ minLength: 1, maxLength: 1000 }) }, strict),
    Type.Object({ label: Label, present: Type.Literal(true) }, strict),
  ],
  { description: 'matches: a regular expression (RE2), anywhere in the text unless it says ^ and $' },
);

const Keys = Type.Array(Key, { minItems: 1, maxItems: 50, uniqueItems: true });

const TargetsSchema = Type.Object(
  {
    flags: Type.Union(
      [
        Type.Object({ keys: Keys }, strict),
        Type.Object({ tag: Type.String({ minLength: 1, maxLength: 100 }) }, strict),
        Type.Object({ label: Label }, strict),
      ],
      { description: 'These, those with a tag, or the one that a label of the alert names' },
    ),
    environments: Type.Union([Type.Object({ keys: Keys }, strict), Type.Object({ label: Label }, strict)], {
      description: 'These, or the one that a label of the alert names',
    }),
  },
  strict,
);

const FlagAction = oneOf('notify', 'pause', 'abort', 'kill');
const Mode = oneOf('armed', 'dry_run');

const given = {
  name: DisplayName,
  source: Key,
  match: Type.Array(MatcherSchema, { minItems: 1, maxItems: 20, description: 'All of them' }),
  targets: TargetsSchema,
  action: FlagAction,
  mode: Mode,
  maxAgeSeconds: Type.Integer({
    minimum: 10,
    maximum: 86_400,
    description: 'Alerts that began longer ago do not act; 900 unless given',
  }),
  maxKillsPerHour: Type.Integer({
    minimum: 1,
    maximum: 1000,
    description: 'When its source has killed so many flags within an hour, more are paused instead; 10 unless given',
  }),
  coolDownSeconds: Type.Integer({
    minimum: 0,
    maximum: 3600,
    description:
      'For so long after a kill, what began after it kills nothing else in that environment; 120 unless given. It is ' +
      'looked at again then.',
  }),
};

export const BindingSchema = Type.Object(
  {
    id: Type.String(),
    key: Key,
    ...given,
    armedAt: Timestamp,
    version: Type.Integer(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  {
    $id: 'Binding',
    ...strict,
    description: 'What alerts lead to. What began before armedAt, when it last became what it is, does not act.',
  },
);

export const BindingInput = Type.Object(
  {
    key: Key,
    name: Type.Optional(DisplayName),
    source: given.source,
    match: given.match,
    targets: given.targets,
    action: given.action,
    mode: Type.Optional(Mode),
    maxAgeSeconds: Type.Optional(given.maxAgeSeconds),
    maxKillsPerHour: Type.Optional(given.maxKillsPerHour),
    coolDownSeconds: Type.Optional(given.coolDownSeconds),
  },
  { $id: 'BindingInput', ...strict, description: 'A dry run unless mode says otherwise' },
);

export const BindingPatch = Type.Partial(Type.Object(given), { $id: 'BindingPatch', ...strict, minProperties: 1 });

export const BindingParams = Type.Object({ project: Key, binding: Key }, strict);
export const BindingQuery = Type.Object(PageQuery, strict);

const Labels = Type.Record(Type.String({ minLength: 1, maxLength: 200 }), Text, { maxProperties: 100 });

export const SampleAlert = Type.Object(
  {
    source: Key,
    labels: Labels,
    status: Type.Optional(oneOf('firing', 'resolved', 'unknown')),
    startsAt: Type.Optional(Moment('When it began; now unless given')),
  },
  { $id: 'SampleAlert', ...strict },
);

export const ForeseenSchema = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          binding: Key,
          matched: Type.Boolean(),
          note: Type.String({
            description: 'Why it does not act, or what is lowered; empty when there is nothing to say',
          }),
          action: oneOf(...ACTIONS),
          mode: Mode,
          targets: Type.Array(
            Type.Object({ environment: Key, flag: Key, result: oneOf(...RESULTS), reason: Type.String() }, strict),
          ),
        },
        strict,
      ),
      { description: 'The bindings of the project that look at this source' },
    ),
  },
  { $id: 'ForeseenBindings', ...strict },
);
