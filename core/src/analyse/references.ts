import type { Condition, Flag, Segment } from '../model.ts';
import type { Documents, Report } from './report.ts';
import { splitsOf, visitLeaves } from './visit.ts';

/** References that lead nowhere, and splits that a layer gives nothing to. */
export function analyseReferences(flag: Flag, documents: Documents, report: Report): void {
  const unknown = (kind: string, key: string, path: string, effect: string) =>
    report('unknown-reference', 'error', path, `names the ${kind} "${key}", which does not exist: ${effect}`);
  for (const [i, rule] of (flag.rules ?? []).entries()) {
    analyseSegmentReferences(rule.when, `rules[${i}].when`, documents, report);
  }
  for (const [i, { flag: parent }] of (flag.prerequisites ?? []).entries()) {
    if (!documents.flag.has(parent)) unknown('flag', parent, `prerequisites[${i}].flag`, 'this flag stays off');
  }
  for (const [i, key] of (flag.holdouts ?? []).entries()) {
    if (!documents.holdout.has(key)) unknown('holdout', key, `holdouts[${i}]`, 'nobody is held out');
  }
  for (const { split, path } of splitsOf(flag)) {
    if (split.layer === undefined) continue;
    const layer = documents.layer.get(split.layer);
    if (layer === undefined) {
      unknown('layer', split.layer, `${path}.layer`, 'nobody takes part');
    } else if (!layer.claims.some((claim) => claim.flag === flag.key && claim.to > claim.from)) {
      const message = `has no claim on the layer "${split.layer}", so nobody takes part: add one for "${flag.key}"`;
      report('layer-unclaimed', 'warning', `${path}.layer`, message);
    }
  }
}

export function analyseSegmentReferences(when: Condition, path: string, documents: Documents, report: Report): void {
  visitLeaves(when, path, {
    segment(key, place) {
      if (documents.segment.has(key)) return;
      const message = `names the segment "${key}", which does not exist: the condition is unknown`;
      report('unknown-reference', 'error', place, message);
    },
  });
}

/** Keys that a segment both includes and excludes. */
export function analyseKeys({ included = [], excluded = [] }: Segment, report: Report): void {
  const toList = (keys: Segment['included']) => (typeof keys === 'string' ? keys.split('\n') : (keys ?? []));
  const wanted = new Set(toList(included));
  const both = toList(excluded).filter((key) => key !== '' && wanted.has(key));
  if (both.length === 0) return;
  const shown = both.slice(0, 3).join(', ');
  report(
    'segment-overlap',
    'warning',
    'excluded',
    `has ${both.length} keys that are also included (${shown}): they are out`,
  );
}
