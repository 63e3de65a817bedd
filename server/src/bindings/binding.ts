import { patternFinder } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import { toTimestamp } from '../http/key-schema.ts';
import type { BindingRow } from '../store/tables/signals.ts';
import type { BindingSchema, MatcherSchema } from './schemas.ts';

export type Binding = Static<typeof BindingSchema>;
type Matcher = Static<typeof MatcherSchema>;

/** What people say of a binding: the stored document. */
export type Terms = Omit<Binding, 'id' | 'key' | 'armedAt' | 'version' | 'createdAt' | 'updatedAt'>;

export function toBinding(row: BindingRow): Binding {
  return {
    id: row.id,
    key: row.key,
    ...(JSON.parse(row.terms) as Terms),
    armedAt: toTimestamp(row.armed_at),
    version: row.version,
    createdAt: toTimestamp(row.created_at),
    updatedAt: toTimestamp(row.updated_at),
  };
}

/** A binding in memory, ready to look at alerts. */
export interface KnownBinding {
  readonly id: string;
  readonly key: string;
  readonly project: string;
  readonly version: number;
  readonly armedAtMs: number;
  readonly terms: Terms;
  /** @returns why an alert is not meant; undefined: it is */
  readonly mismatchOf: (labels: Readonly<Record<string, string>>) => string | undefined;
}

export function toKnownBinding(row: BindingRow, project: string): KnownBinding {
  const terms = JSON.parse(row.terms) as Terms;
  const matchers = terms.match.map(toMismatch);
  const mismatchOf = (labels: Readonly<Record<string, string>>) => {
    for (const matcher of matchers) {
      const mismatch = matcher(labels);
      if (mismatch !== undefined) return mismatch;
    }
    return undefined;
  };
  return { id: row.id, key: row.key, project, version: row.version, armedAtMs: row.armed_at, terms, mismatchOf };
}

function toMismatch(matcher: Matcher): KnownBinding['mismatchOf'] {
  const { label } = matcher;
  const [fits, wanted] = toTest(matcher);
  return (labels) => {
    const value = Object.hasOwn(labels, label) ? labels[label] : undefined;
    if (value === undefined) return `it has no label "${label}"`;
    return fits(value) ? undefined : `its label "${label}" is "${value.slice(0, 100)}", not ${wanted}`;
  };
}

function toTest(matcher: Matcher): [fits: (value: string) => boolean, wanted: string] {
  if ('equals' in matcher) return [(value) => value === matcher.equals, `"${matcher.equals}"`];
  if ('in' in matcher) {
    const values = new Set(matcher.in);
    return [(value) => values.has(value), `one of ${matcher.in.map((value) => `"${value}"`).join(', ')}`];
  }
  if ('matches' in matcher) return [patternFinder([matcher.matches]), `like ${matcher.matches}`];
  return [() => true, 'there'];
}
