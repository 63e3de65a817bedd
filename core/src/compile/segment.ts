import { compilePath } from '../conditions/attribute.ts';
import { compileCondition, type Test } from '../conditions/condition.ts';
import type { SegmentContent } from '../segment-slot.ts';
import { FALSE, TRUE, UNKNOWN } from '../truth.ts';
import type { Links } from './links.ts';
import { subjectOf } from './subject.ts';

/** Compiles a segment: excluded keys are out, else included keys are in, else its condition decides. */
export function compileSegment({ by, excluded, included, when }: SegmentContent, links: Links): Test {
  const test: Test = when === undefined ? () => FALSE : compileCondition(when, links);
  if (excluded === undefined && included === undefined) return test;
  const read = compilePath(by);
  return (context, nowMs) => {
    const subject = subjectOf(read(context));
    if (subject !== undefined) {
      if (excluded?.has(subject) === true) return FALSE;
      return included?.has(subject) === true ? TRUE : test(context, nowMs);
    }
    // Without a subject the keys are unknown, and only what holds either way is certain.
    const truth = test(context, nowMs);
    if (excluded !== undefined) return truth === FALSE && included === undefined ? FALSE : UNKNOWN;
    return truth === TRUE ? TRUE : UNKNOWN;
  };
}
