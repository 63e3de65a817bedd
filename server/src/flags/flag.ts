import type { FlagType, Json, Prerequisite, Rule, Serve, Flag as ServedFlag, Target, Variant } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import { toTimestamp } from '../http/key-schema.ts';
import { fromBit } from '../store/booleans.ts';
import type { FlagEnvironmentRow, FlagRow } from '../store/tables/flags.ts';
import { expectedUntil, lifetimeOf } from './lifetime.ts';
import { isMigration, STAGES } from './migration-stages.ts';
import type { FlagEnvironmentSchema, FlagSchema } from './schemas.ts';

/** A flag as the API shows it. */
export type Flag = Static<typeof FlagSchema>;
export type FlagEnvironment = Static<typeof FlagEnvironmentSchema>;

/** A flag's row in an environment, with that environment's key. */
export type NamedEnvironmentRow = FlagEnvironmentRow & { readonly environment: string };

/** What an environment decides about a flag. */
export interface Targeting {
  readonly enabled: boolean;
  readonly offVariant: string;
  readonly safeVariant: string | undefined;
  readonly prerequisites: readonly Prerequisite[];
  readonly targets: readonly Target[];
  readonly rules: readonly Rule[];
  readonly defaultRule: Serve;
  /** Whether SDKs measure its code paths by slices of a split's subjects, too. */
  readonly slices: boolean;
}

export function variantsOf(row: FlagRow): Variant[] {
  return JSON.parse(row.variants) as Variant[];
}

/** The JSON Schema of the flag's values, undefined when it has none. */
export function schemaOf(row: FlagRow): Json | undefined {
  return row.schema === null ? undefined : (JSON.parse(row.schema) as Json);
}

export function targetingOf(row: FlagEnvironmentRow): Targeting {
  return {
    enabled: fromBit(row.enabled),
    offVariant: row.off_variant,
    safeVariant: row.safe_variant ?? undefined,
    prerequisites: JSON.parse(row.prerequisites ?? '[]') as Prerequisite[],
    targets: JSON.parse(row.targets ?? '[]') as Target[],
    rules: JSON.parse(row.rules) as Rule[],
    defaultRule: JSON.parse(row.default_rule) as Serve,
    slices: fromBit(row.slices),
  };
}

/**
 * What a flag is in an environment at first: off. Boolean flags turn `off`, the others to their last variant. A migration
 * begins at its first stage, on or off.
 */
export function firstTargeting(flag: FlagRow): Targeting {
  const variants = variantsOf(flag);
  const names = variants.map((variant) => variant.name);
  const start = isMigration(flag) ? variants.find(({ value }) => value === STAGES[0])?.name : undefined;
  const offVariant = start ?? (flag.type === 'boolean' && names.includes('off') ? 'off' : (names.at(-1) ?? ''));
  return {
    enabled: false,
    offVariant,
    safeVariant: undefined,
    prerequisites: [],
    targets: [],
    rules: [],
    defaultRule: { variant: start ?? names[0] ?? '' },
    slices: false,
  };
}

/** The document that SDKs get. What is at its default is left out; the order of fields never changes. */
export function toServedFlag(flag: FlagRow, targeting: Targeting): ServedFlag {
  const schema = schemaOf(flag);
  return {
    key: flag.key,
    type: flag.type as FlagType,
    variants: variantsOf(flag),
    ...(flag.bucket_key === flag.key ? {} : { bucketKey: flag.bucket_key }),
    enabled: targeting.enabled,
    offVariant: targeting.offVariant,
    ...(targeting.safeVariant === undefined ? {} : { safeVariant: targeting.safeVariant }),
    ...(schema === undefined ? {} : { schema }),
    ...(targeting.prerequisites.length === 0 ? {} : { prerequisites: targeting.prerequisites }),
    ...(targeting.targets.length === 0 ? {} : { targets: targeting.targets }),
    ...(targeting.rules.length === 0 ? {} : { rules: targeting.rules.map(toServedRule) }),
    defaultRule: toServed(targeting.defaultRule),
    ...(fromBit(flag.client_visible) ? { clientVisible: true } : {}),
    ...(targeting.slices ? { slices: true } : {}),
  };
}

function toServedRule(rule: Rule): Rule {
  return { ...rule, serve: toServed(rule.serve) };
}

/** Who holds a ramp, and why, is not for SDKs. */
function toServed(serve: Serve): Serve {
  if (!('split' in serve) || serve.split.held === undefined) return serve;
  const { causes: _, ...held } = serve.split.held;
  return { split: { ...serve.split, held } };
}

export function toFlag(row: FlagRow, environments: readonly NamedEnvironmentRow[]): Flag {
  const schema = schemaOf(row);
  const untilMs = expectedUntil(row);
  return {
    key: row.key,
    type: row.type as FlagType,
    name: row.name,
    description: row.description,
    kind: row.kind as Flag['kind'],
    owner: row.owner,
    tags: JSON.parse(row.tags) as string[],
    links: JSON.parse(row.links ?? '[]') as Flag['links'],
    lifetimeDays: lifetimeOf(row),
    expectedUntil: untilMs === undefined ? null : toTimestamp(untilMs),
    variants: variantsOf(row) as { name: string; value: Json }[],
    ...(schema === undefined ? {} : { schema: schema as Flag['schema'] }),
    bucketKey: row.bucket_key,
    clientVisible: fromBit(row.client_visible),
    createdAt: toTimestamp(row.created_at),
    updatedAt: toTimestamp(row.updated_at),
    archivedAt: row.archived_at === null ? null : toTimestamp(row.archived_at),
    version: row.version,
    environments: Object.fromEntries(
      environments.map((environment) => [environment.environment, toFlagEnvironment(environment)]),
    ),
  };
}

export function toFlagEnvironment(row: FlagEnvironmentRow): FlagEnvironment {
  const { safeVariant, prerequisites, targets, rules, defaultRule, slices, ...targeting } = targetingOf(row);
  return {
    ...targeting,
    ...(safeVariant === undefined ? {} : { safeVariant }),
    ...(prerequisites.length === 0 ? {} : { prerequisites: prerequisites as FlagEnvironment['prerequisites'] }),
    ...(targets.length === 0 ? {} : { targets: targets as FlagEnvironment['targets'] }),
    rules: rules as FlagEnvironment['rules'],
    defaultRule: defaultRule as FlagEnvironment['defaultRule'],
    ...(slices ? { slices } : {}),
    version: row.version,
    updatedAt: toTimestamp(row.updated_at),
  };
}
