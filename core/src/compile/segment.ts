import { compilePath } from '../conditions/attribute.ts';
import { compileCondition } from '../conditions/condition.ts';
import type { Test } from '../conditions/step.ts';
import type { SegmentContent } from '../segment-slot.ts';
import type { PageLists } from '../segments/page-lists.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from '../truth.ts';
import { compileKeys, type Lookup } from './keys.ts';
import type { Links } from './links.ts';
import { subjectOf } from './subject.ts';

/** Compiles a segment: excluded keys are out, else included keys are in, else its condition decides. */
export function compileSegment(content: SegmentContent, links: Links, lists: PageLists): Test {
  const { by, when } = content;
  const test: Test = when === undefined ? () => FALSE : compileCondition(when, links);
  const isExcluded = compileKeys(content, 'excluded', lists);
  const isIncluded = compileKeys(content, 'included', lists);
  if (isExcluded === undefined && isIncluded === undefined) return test;
  const read = compilePath(by, links.ambient);
  return (context, nowMs) => {
    const subject = subjectOf(read(context));
    const excluded = ask(isExcluded, subject);
    if (excluded === TRUE) return FALSE;
    const included = ask(isIncluded, subject);
    const truth = included === TRUE ? TRUE : test(context, nowMs);
    const member = truth === FALSE ? included : truth;
    // Whom the exclusions leave unknown is out for certain only where nothing would let them in.
    return excluded === FALSE || member === FALSE ? member : UNKNOWN;
  };
}

/** No list holds nobody; without a subject a list does not tell. */
function ask(lookup: Lookup | undefined, subject: string | undefined): Truth {
  if (lookup === undefined) return FALSE;
  return subject === undefined ? UNKNOWN : lookup(subject);
}
