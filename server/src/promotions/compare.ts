import { type Flag, pageKey, type Segment, type Targeting } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import { segmentsOf } from '../flags/named-segments.ts';
import { notFound } from '../http/api-error.ts';
import { DEFAULT_LIMIT, type Page, readCursor, toPage } from '../http/page.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { differingParts } from './parts.ts';
import type { CompareQuery, FlagComparison } from './schemas.ts';

export type Comparison = Static<typeof FlagComparison>;

/**
 * What two environments serve, flag by flag, from memory: flags that are archived are in neither.
 * @throws {ApiError} `not_found`
 */
export function compareEnvironments(
  rulesets: Rulesets,
  project: string,
  { from: fromKey, to: toKey, differing = false, cursor, limit = DEFAULT_LIMIT }: Static<typeof CompareQuery>,
): Page<Comparison> {
  const [from, to] = [fromKey, toKey].map((key) => requireRuleset(rulesets, project, key)) as [
    LiveRuleset,
    LiveRuleset,
  ];
  const [after = ''] = readCursor(cursor, ['string']) ?? [];
  const keys = from
    .items()
    .filter(({ kind, key }) => kind === 'flag' && key > after)
    .map(({ key }) => key)
    .sort();
  const comparisons: Comparison[] = [];
  for (const key of keys) {
    if (comparisons.length > limit) break;
    const comparison = compareFlag(from, to, key);
    if (comparison !== undefined && (!differing || comparison.differs)) comparisons.push(comparison);
  }
  return toPage(comparisons, limit, ({ key }) => [key]);
}

/** Undefined while one of them has not heard of the flag yet. */
function compareFlag(from: LiveRuleset, to: LiveRuleset, key: string): Comparison | undefined {
  const [source, target] = [from.item('flag', key), to.item('flag', key)];
  if (source === undefined || target === undefined) return undefined;
  // Most flags, in most projects: nothing to read.
  if (source.json === target.json && !source.json.includes('"segment"')) {
    return { key, differs: false, parts: [], segments: [] };
  }
  const flag = JSON.parse(source.json) as Flag;
  const parts = source.json === target.json ? [] : differingParts(flag, JSON.parse(target.json) as Targeting);
  const segments = segmentsOf(flag).map((segment) => ({ key: segment, state: compareSegment(from, to, segment) }));
  const differs = parts.length > 0 || segments.some(({ state }) => state !== 'same');
  return { key, differs, parts, segments };
}

/** A segment is the same when all that SDKs get of it is: condition, attribute, and keys to the last page. */
function compareSegment(from: LiveRuleset, to: LiveRuleset, key: string): 'same' | 'differs' | 'missing' {
  const [source, target] = [from.item('segment', key), to.item('segment', key)];
  if (target === undefined) return 'missing';
  if (source?.json !== target.json) return 'differs';
  const document = JSON.parse(target.json) as Segment;
  for (const list of ['included', 'excluded'] as const) {
    const keys = document[list];
    const pages = typeof keys === 'object' && 'pages' in keys ? keys.pages : 0;
    for (let page = 0; page < pages; page++) {
      const name = pageKey(key, list, page);
      if (from.item('keys', name)?.json !== to.item('keys', name)?.json) return 'differs';
    }
  }
  return 'same';
}

function requireRuleset(rulesets: Rulesets, project: string, environment: string): LiveRuleset {
  const ruleset = rulesets.named(project, environment);
  if (ruleset === undefined) throw notFound(`environment "${environment}" in project "${project}"`);
  return ruleset;
}
