import type { Static } from '@sinclair/typebox';
import type { FlagRow } from '../store/tables/flags.ts';
import type { FlagKindSchema } from './schemas.ts';

type FlagKind = Static<typeof FlagKindSchema>;

const DAY_MS = 86_400_000;

/** How many days a flag is expected to live unless someone says otherwise; null: for good. */
const DAYS_OF_KIND: Readonly<Record<FlagKind, number | null>> = {
  release: 40,
  experiment: 40,
  migration: 90,
  operational: null,
  permission: null,
};

/** In days since the flag was made; null: for good. */
export function lifetimeOf({ kind, lifetime_days }: Pick<FlagRow, 'kind' | 'lifetime_days'>): number | null {
  return lifetime_days === null ? DAYS_OF_KIND[kind as FlagKind] : lifetime_days === 0 ? null : lifetime_days;
}

/** When the flag should be gone, in milliseconds since 1970; undefined: never. */
export function expectedUntil(row: Pick<FlagRow, 'kind' | 'lifetime_days' | 'created_at'>): number | undefined {
  const days = lifetimeOf(row);
  return days === null ? undefined : row.created_at + days * DAY_MS;
}

/** As a column holds it: 0 for good; null: as flags of its kind do, also when the kind changes. */
export function toLifetimeColumn(days: number | null | undefined): number | null {
  return days === undefined ? null : (days ?? 0);
}

/** The kinds whose flags live for so long unless they say otherwise, for SQL. */
export const LIFETIMES: readonly (readonly [kind: string, days: number])[] = Object.entries(DAYS_OF_KIND).flatMap(
  ([kind, days]) => (days === null ? [] : [[kind, days] as const]),
);

export const LIFETIME_DAY_MS = DAY_MS;
