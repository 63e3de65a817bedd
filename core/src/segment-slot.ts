import { DocumentSlot } from './document-slot.ts';
import type { Condition, Segment } from './model.ts';
import { type KeySet, toKeySet } from './segments/key-set.ts';
import { checkSegment } from './validate/check-shared.ts';

/** What is kept of a segment that was looked at; its keys only as sets. */
export interface SegmentContent {
  readonly by: string;
  readonly excluded: KeySet | undefined;
  readonly included: KeySet | undefined;
  readonly when: Condition | undefined;
}

/** One segment of a ruleset. Its key sets are built once and shared by all flags and rulesets that use it. */
export class SegmentSlot extends DocumentSlot<Segment> {
  #content: SegmentContent | undefined;

  constructor(key: string, json: string) {
    super(key, json, checkSegment);
  }

  /** Undefined when the document is malformed. */
  get content(): SegmentContent | undefined {
    if (this.#content !== undefined) return this.#content;
    const segment = this.parse();
    if (segment === undefined) return undefined;
    this.#content = {
      by: segment.by ?? 'targetingKey',
      excluded: segment.excluded === undefined ? undefined : toKeySet(segment.excluded),
      included: segment.included === undefined ? undefined : toKeySet(segment.included),
      when: segment.when,
    };
    return this.#content;
  }

  /** The segments that its condition names. */
  get references(): readonly string[] {
    const when = this.content?.when;
    return when === undefined ? [] : segmentsIn(when);
  }
}

/** The keys of all segments that a condition names. */
export function segmentsIn(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(segmentsIn);
  if ('any' in condition) return condition.any.flatMap(segmentsIn);
  if ('not' in condition) return segmentsIn(condition.not);
  return 'segment' in condition ? [condition.segment] : [];
}
