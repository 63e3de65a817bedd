import { type Condition, checkSegment as checkDocument } from '@bunting/core';
import { t } from '@lingui/core/macro';
import type { Segment, SegmentBody } from '../../api/types.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

/** A segment as it is typed. */
export interface SegmentDraft {
  key: string;
  name: string;
  by: string;
  /** Undefined: there is none, and only keys decide. */
  when: Condition | undefined;
  /** What is typed as JSON, for as long as it is no condition: `when` is as it was before. */
  text: string | undefined;
}

export function draftOf(segment: Segment | undefined): SegmentDraft {
  return {
    key: segment?.key ?? '',
    name: segment?.name ?? '',
    by: segment?.by ?? '',
    // The API leaves the leaves of conditions open: the server keeps none that core does not know.
    when: segment?.when as Condition | undefined,
    text: undefined,
  };
}

type Checked = { ok: true; ready: { key: string; body: SegmentBody } } | { ok: false; errors: FormErrors };

/** Reads what was typed. What a condition means the server judges. */
export function checkSegment({ key, name, by, when, text }: SegmentDraft): Checked {
  const errors: Record<string, string> = {};
  if (!/^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/.test(key)) {
    errors.key = t`Use 1 to 100 of a-z, 0-9, dot, hyphen and underscore, a letter or digit at both ends.`;
  }
  if (text !== undefined) errors.when = t`What you typed as JSON is no condition yet.`;
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const body: SegmentBody = {
    ...(name.trim() !== '' && { name: name.trim() }),
    ...(by.trim() !== '' && { by: by.trim() }),
    ...(when !== undefined && { when: when as NonNullable<SegmentBody['when']> }),
  };
  return { ok: true, ready: { key, body } };
}

type Read = { ok: true; when: Condition | undefined } | { ok: false; problems: readonly string[] };

/** A condition that is being typed; undefined when nothing is. */
export function readCondition(text: string): Read {
  if (text.trim() === '') return { ok: true, when: undefined };
  let when: unknown;
  try {
    when = JSON.parse(text);
  } catch (error) {
    return {
      ok: false,
      problems: [t`This is no JSON: ${error instanceof Error ? error.message : t`check its quotes.`}`],
    };
  }
  const problems = checkDocument({ key: 'draft', when });
  if (problems.length === 0) return { ok: true, when: when as Condition };
  return { ok: false, problems: problems.map(({ path, message }) => `${path} ${message}`) };
}
