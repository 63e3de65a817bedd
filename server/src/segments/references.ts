import { type Condition, findSegmentCycle, type Rule, segmentReferences } from '@bunting/core';
import type { Problem } from '../http/api-error.ts';
import type { Querier } from '../store/tables.ts';
import { findRulesWithSegments, findSegmentConditions, findSegmentKeys } from './repository.ts';
import { conditionOf } from './segment.ts';

/** Where a segment is named: its key, and the JSON path. */
interface Reference {
  readonly segment: string;
  readonly path: string;
}

/** Why rules cannot name the segments that they do: some are not in the environment. */
export async function checkRuleSegments(
  db: Querier,
  environment: { readonly id: string; readonly key: string },
  rules: readonly Rule[],
): Promise<Problem[]> {
  const references = rules.flatMap(({ when }, at) => segmentReferences(when, `rules[${at}].when`));
  return checkReferences(db, environment, references);
}

/** Why a segment cannot have this condition: it names segments that are not there, or leads back to itself. */
export async function checkSegmentCondition(
  db: Querier,
  environment: { readonly id: string; readonly key: string },
  segment: string,
  when: Condition | undefined,
): Promise<Problem[]> {
  if (when === undefined) return [];
  const references = segmentReferences(when, 'when').filter((reference) => reference.segment !== segment);
  const problems = await checkReferences(db, environment, references);
  const saved = await findSegmentConditions(db, environment.id);
  const conditions = new Map(saved.map((row) => [row.key, { when: conditionOf(row) }]));
  const cycle = findSegmentCycle({ key: segment, when }, (key) => conditions.get(key));
  if (cycle === undefined) return problems;
  const message = `leads back to the segment itself: ${cycle.join(' → ')}. Remove one of these references`;
  return [...problems, { path: 'when', message }];
}

async function checkReferences(
  db: Querier,
  environment: { readonly id: string; readonly key: string },
  references: readonly Reference[],
): Promise<Problem[]> {
  const keys = [...new Set(references.map(({ segment }) => segment))];
  const known = new Set(await findSegmentKeys(db, environment.id, keys));
  return references
    .filter(({ segment }) => !known.has(segment))
    .map(({ segment, path }) => ({
      path,
      message: `segment "${segment}" does not exist in ${environment.key}; check its key, or create it first`,
    }));
}

/** A place that names a segment. */
export interface SegmentUse {
  readonly kind: 'flag' | 'segment';
  readonly key: string;
  /** In its document: `rules[0].when.segment`. */
  readonly path: string;
}

/** Where an environment uses a segment: in rules of flags, and in conditions of other segments. */
export async function findSegmentUses(db: Querier, environmentId: string, segment: string): Promise<SegmentUse[]> {
  const isMeant = (reference: Reference) => reference.segment === segment;
  const flags = (await findRulesWithSegments(db, environmentId)).flatMap(({ key, rules }) =>
    (JSON.parse(rules) as Rule[])
      .flatMap(({ when }, at) => segmentReferences(when, `rules[${at}].when`).filter(isMeant))
      .map(({ path }) => ({ kind: 'flag' as const, key, path })),
  );
  const segments = (await findSegmentConditions(db, environmentId)).flatMap((row) => {
    const when = row.key === segment ? undefined : conditionOf(row);
    const references = when === undefined ? [] : segmentReferences(when, 'when').filter(isMeant);
    return references.map(({ path }) => ({ kind: 'segment' as const, key: row.key, path }));
  });
  return [...flags, ...segments];
}
