import type { Condition, Flag, Segment } from '../model.ts';
import { segmentsIn } from '../segment-slot.ts';
import { findCycle } from './cycle.ts';
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

/** A way that segments lead from one back to itself by their conditions, for refusing it when it is saved. */
export function findSegmentCycle(
  segment: Pick<Segment, 'key' | 'when'>,
  findSegment: (key: string) => Pick<Segment, 'when'> | undefined,
): readonly string[] | undefined {
  return findCycle(segment.key, (key) => {
    const when = key === segment.key ? segment.when : findSegment(key)?.when;
    return when === undefined ? [] : segmentsIn(when);
  });
}
