import { KEY_PATTERN } from '@bunting/core';
import { Type } from '@sinclair/typebox';
import { RevisionSchema } from '../environments/schemas.ts';
import { DisplayName, Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { PageOf, PageQuery, SearchQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { KilledSchema } from '../kills/schemas.ts';
import {
  JsonSchema,
  PrerequisiteSchema,
  RuleInput,
  RuleSchema,
  ServeInput,
  ServeSchema,
  TargetSchema,
  VariantName,
  VariantSchema,
} from './rule-schemas.ts';

export const FlagTypeSchema = oneOf('boolean', 'string', 'number', 'object');
export const FlagKindSchema = oneOf('release', 'experiment', 'operational', 'permission', 'migration');

export const Description = Type.String({ maxLength: 10_000 });
export const Owner = Type.Union([Type.String({ minLength: 1, maxLength: 200 }), Type.Null()], {
  description: 'Who looks after the flag: a team or a person, in words',
});
export const Link = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 200 }),
    url: Type.String({ pattern: '^https?://\\S+$', maxLength: 2000, description: 'an http or https address' }),
  },
  { additionalProperties: false },
);
/** A flag with more links than these has a page of its own somewhere. */
export const MAX_LINKS = 50;
const Links = Type.Array(Link, { maxItems: MAX_LINKS });
/** Ten years: whoever means longer means for good. */
const MAX_LIFETIME_DAYS = 3650;
const Lifetime = Type.Union([Type.Integer({ minimum: 1, maximum: MAX_LIFETIME_DAYS }), Type.Null()], {
  description: 'How many days from its creation the flag is expected to live; null: for good',
});
export const MAX_TAGS = 50;
export const Tag = Type.String({ minLength: 1, maxLength: 50 });
const Tags = Type.Array(Tag, { maxItems: MAX_TAGS, uniqueItems: true });
const Variants = Type.Array(refTo(VariantSchema), {
  minItems: 1,
  maxItems: 1000,
  description: 'Where they may be left out (new boolean flags, new migrations) they are on and off, or the stages',
});

const ValueSchema = Type.Union([Type.Record(Type.String(), JsonSchema), Type.Boolean()], {
  description:
    "JSON Schema (2020-12, or 7) that the variants' values must match; references stay within it, formats are not checked",
});
const Prerequisites = Type.Array(refTo(PrerequisiteSchema), {
  maxItems: 100,
  description: 'All must hold, or the off variant is served',
});
const Targets = Type.Array(refTo(TargetSchema), {
  maxItems: 1000,
  description: 'Subjects named one by one; tried before the rules, first match first',
});

const Slices = Type.Boolean({
  description:
    "True: SDKs measure code paths also by 100 slices of a split's subjects, to compare the exposed ones with",
});

export const FlagEnvironmentSchema = Type.Object(
  {
    enabled: Type.Boolean({ description: 'False serves offVariant to everyone' }),
    offVariant: VariantName,
    safeVariant: Type.Optional(VariantName),
    prerequisites: Type.Optional(Prerequisites),
    targets: Type.Optional(Targets),
    rules: Type.Array(refTo(RuleSchema)),
    defaultRule: refTo(ServeSchema),
    slices: Type.Optional(Slices),
    killed: Type.Optional(refTo(KilledSchema)),
    version: Type.Integer({ description: 'For If-Match' }),
    updatedAt: Timestamp,
  },
  { $id: 'FlagEnvironment', additionalProperties: false },
);

export const FlagSchema = Type.Object(
  {
    key: Key,
    type: FlagTypeSchema,
    name: DisplayName,
    description: Description,
    kind: FlagKindSchema,
    owner: Owner,
    tags: Tags,
    links: Links,
    lifetimeDays: Lifetime,
    expectedUntil: Type.Union([Timestamp, Type.Null()], {
      description: 'When that is over and the flag counts as stale; null: never',
    }),
    variants: Variants,
    schema: Type.Optional(ValueSchema),
    bucketKey: Type.String({ description: 'What splits hash in front of the subject' }),
    clientVisible: Type.Boolean({ description: "True lets pages (client keys) see the flag's value" }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    archivedAt: Type.Union([Timestamp, Type.Null()]),
    version: Type.Integer({ description: 'For If-Match' }),
    environments: Type.Record(Type.String(), refTo(FlagEnvironmentSchema), { description: 'By environment key' }),
  },
  { $id: 'Flag', additionalProperties: false },
);

const facts = {
  owner: Type.Optional(Owner),
  tags: Type.Optional(Tags),
  links: Type.Optional(Links),
  lifetimeDays: Type.Optional(
    Type.Union(Lifetime.anyOf, {
      description: `${Lifetime.description}. Unless given as long as flags of its kind: 40 (release, experiment), 90 (migration), or for good`,
    }),
  ),
};

export const FlagInput = Type.Object(
  {
    key: Key,
    type: FlagTypeSchema,
    variants: Type.Optional(Variants),
    schema: Type.Optional(ValueSchema),
    name: Type.Optional(DisplayName),
    description: Type.Optional(Description),
    kind: Type.Optional(FlagKindSchema),
    ...facts,
    clientVisible: Type.Optional(Type.Boolean()),
  },
  { $id: 'FlagInput', additionalProperties: false },
);

export const FlagPatch = Type.Object(
  {
    name: Type.Optional(DisplayName),
    description: Type.Optional(Description),
    key: Type.Optional(
      Type.String({
        pattern: KEY_PATTERN,
        description:
          'A new key. Whoever asks for the flag by the old one gets their default from then on; nobody is bucketed anew',
      }),
    ),
    kind: Type.Optional(FlagKindSchema),
    ...facts,
    variants: Type.Optional(Variants),
    schema: Type.Optional(Type.Union([ValueSchema, Type.Null()], { description: 'null: any value of the type' })),
    clientVisible: Type.Optional(Type.Boolean()),
  },
  { $id: 'FlagPatch', additionalProperties: false },
);

export const FlagEnvironmentPatch = Type.Object(
  {
    enabled: Type.Optional(Type.Boolean()),
    offVariant: Type.Optional(VariantName),
    safeVariant: Type.Optional(
      Type.Union([VariantName, Type.Null()], { description: 'null: what a kill serves is the off variant' }),
    ),
    prerequisites: Type.Optional(Prerequisites),
    targets: Type.Optional(Targets),
    rules: Type.Optional(Type.Array(refTo(RuleInput))),
    defaultRule: Type.Optional(refTo(ServeInput)),
    slices: Type.Optional(Slices),
  },
  { $id: 'FlagEnvironmentPatch', additionalProperties: false },
);

export const FlagChange = Type.Object(
  { flag: refTo(FlagSchema), revision: refTo(RevisionSchema), committedAt: Timestamp },
  { $id: 'FlagChange', additionalProperties: false, description: 'A flag, and the revision that serves it so' },
);

export const FlagQuery = Type.Object(
  {
    ...PageQuery,
    ...SearchQuery,
    type: Type.Optional(FlagTypeSchema),
    kind: Type.Optional(FlagKindSchema),
    owner: Type.Optional(Type.String({ maxLength: 200, description: 'Exactly so' })),
    tag: Type.Optional(Type.String({ maxLength: 50, description: 'One of its tags is exactly this' })),
    clientVisible: Type.Optional(Type.Boolean()),
    archived: Type.Optional(Type.Boolean({ description: 'true: archived flags only; else only the others' })),
    stale: Type.Optional(Type.Boolean({ description: 'true: only flags that outlived what was expected of them' })),
    environment: Type.Optional(Key),
    enabled: Type.Optional(Type.Boolean({ description: 'Whether the flag is on in the environment, which is needed' })),
    killed: Type.Optional(
      Type.Boolean({ description: 'Whether the flag is killed in the environment; in any without one' }),
    ),
    sort: Type.Optional(oneOf('key', '-key', 'name', '-name', 'createdAt', '-createdAt', 'updatedAt', '-updatedAt')),
  },
  { additionalProperties: false },
);

export const FlagPage = Type.Object(
  {
    ...PageOf(refTo(FlagSchema)).properties,
    matching: Type.Integer({ description: 'Flags on all pages together' }),
  },
  { additionalProperties: false },
);

export const FlagParams = Type.Object({ project: Key, flag: Key }, { additionalProperties: false });
export const FlagEnvironmentParams = Type.Object(
  { project: Key, flag: Key, environment: Key },
  { additionalProperties: false },
);
