import type { Comparison, Condition, Flag, Split } from '../model.ts';

/** Every comparison and segment reference of a condition, with its path. */
export function visitLeaves(
  condition: Condition,
  path: string,
  visit: {
    readonly comparison?: (comparison: Comparison, path: string) => void;
    readonly segment?: (key: string, path: string) => void;
  },
): void {
  if ('all' in condition) {
    for (const [i, part] of condition.all.entries()) visitLeaves(part, `${path}.all[${i}]`, visit);
  } else if ('any' in condition) {
    for (const [i, part] of condition.any.entries()) visitLeaves(part, `${path}.any[${i}]`, visit);
  } else if ('not' in condition) {
    visitLeaves(condition.not, `${path}.not`, visit);
  } else if ('segment' in condition) {
    visit.segment?.(condition.segment, `${path}.segment`);
  } else if ('attribute' in condition) {
    visit.comparison?.(condition, `${path}.attribute`);
  }
}

/** Every split of a flag, with its path. */
export function splitsOf(flag: Flag): { split: Split; path: string }[] {
  const serves = [
    ...(flag.rules ?? []).map(({ serve }, i) => ({ serve, path: `rules[${i}].serve` })),
    { serve: flag.defaultRule, path: 'defaultRule' },
  ];
  return serves.flatMap(({ serve, path }) => ('split' in serve ? [{ split: serve.split, path: `${path}.split` }] : []));
}

/** The segments that a condition names, each with the path of its name. */
export function segmentReferences(condition: Condition, path: string): { segment: string; path: string }[] {
  const references: { segment: string; path: string }[] = [];
  visitLeaves(condition, path, { segment: (segment, place) => references.push({ segment, path: place }) });
  return references;
}
