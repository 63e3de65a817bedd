import type { Segment, SegmentBody } from '../../api/types.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

/** A segment as it is typed. */
export interface SegmentDraft {
  key: string;
  name: string;
  by: string;
  /** JSON; empty: no condition. */
  when: string;
}

export function draftOf(segment: Segment | undefined): SegmentDraft {
  return {
    key: segment?.key ?? '',
    name: segment?.name ?? '',
    by: segment?.by ?? '',
    when: segment?.when === undefined ? '' : JSON.stringify(segment.when, null, 2),
  };
}

type Checked = { ok: true; ready: { key: string; body: SegmentBody } } | { ok: false; errors: FormErrors };

/** Reads what was typed. What a condition means the server judges. */
export function checkSegment({ key, name, by, when }: SegmentDraft): Checked {
  const errors: Record<string, string> = {};
  if (!/^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/.test(key)) {
    errors.key = 'Use 1 to 100 of a-z, 0-9, dot, hyphen and underscore, a letter or digit at both ends.';
  }
  const condition = readCondition(when);
  if (!condition.ok) errors.when = condition.error;
  if (Object.keys(errors).length > 0 || !condition.ok) return { ok: false, errors };
  const body: SegmentBody = {
    ...(name.trim() !== '' && { name: name.trim() }),
    ...(by.trim() !== '' && { by: by.trim() }),
    ...(condition.when !== undefined && { when: condition.when as NonNullable<SegmentBody['when']> }),
  };
  return { ok: true, ready: { key, body } };
}

/** A condition that is being typed; absent when nothing is. */
export function readCondition(text: string): { ok: true; when: unknown } | { ok: false; error: string } {
  if (text.trim() === '') return { ok: true, when: undefined };
  try {
    const when: unknown = JSON.parse(text);
    if (typeof when === 'object' && when !== null && !Array.isArray(when)) return { ok: true, when };
    return { ok: false, error: 'A condition is an object: {"attribute": …}, {"all": […]}, {"any": […]}, {"not": …}.' };
  } catch (error) {
    return { ok: false, error: `This is no JSON: ${error instanceof Error ? error.message : 'check its quotes.'}` };
  }
}
