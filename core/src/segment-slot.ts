import { DocumentSlot } from './document-slot.ts';
import type { Condition, Paged, Segment } from './model.ts';
import { type KeySet, toKeys } from './segments/key-set.ts';
import { checkSegment } from './validate/check-shared.ts';

/** What is kept of a segment that was looked at; its keys only as sets. */
export interface SegmentContent {
  readonly key: string;
  readonly by: string;
  readonly excluded: KeySet | Paged | undefined;
  readonly included: KeySet | Paged | undefined;
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
    this.check();
    return this.#content;
  }

  /** The segments that its condition names. */
  get references(): readonly string[] {
    const when = this.content?.when;
    return when === undefined ? [] : segmentsIn(when);
  }

  protected override onAccept({ key, by = 'targetingKey', excluded, included, when }: Segment): void {
    this.#content = {
      key,
      by,
      excluded: excluded === undefined ? undefined : toKeys(excluded),
      included: included === undefined ? undefined : toKeys(included),
      when,
    };
  }
}

/** The keys of all segments that a condition names. */
export function segmentsIn(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(segmentsIn);
  if ('any' in condition) return condition.any.flatMap(segmentsIn);
  if ('not' in condition) return segmentsIn(condition.not);
  return 'segment' in condition ? [condition.segment] : [];
}
