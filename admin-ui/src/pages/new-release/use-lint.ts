import { t } from '@lingui/core/macro';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { releaseLintQuery } from '../../api/releases.ts';
import type { ReleaseLint } from '../../api/types.ts';
import type { ReleaseSpec } from '../../releases/release-spec.ts';
import type { FormErrors } from '../../ui/form-errors.ts';
import { problemSentences } from './problem-words.ts';
import { missingOf } from './release-draft.ts';

/** Long enough that a word is typed to its end. */
const settleMs = 400;

export interface Linted {
  /** Undefined: not said yet, or the release can never work as it is. */
  readonly lint: ReleaseLint | undefined;
  /** What is wrong with it, by its place, in sentences. */
  readonly problems: FormErrors;
  /** Why nothing is said; undefined: something is, or is on its way. */
  readonly silence: string | undefined;
}

/** What the server says of a release while it is composed, as soon as all that it moves is named, to who may make it. */
export function useLint(project: string, draft: ReleaseSpec, mayMake: boolean): Linted {
  const [settled, setSettled] = useState(draft);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(draft), settleMs);
    return () => clearTimeout(timer);
  }, [draft]);
  const isWhole = Object.keys(missingOf(settled)).length === 0;
  const { data, error } = useQuery({
    ...releaseLintQuery(project, { ...settled, title: settled.title.trim() || t`Untitled` }),
    enabled: isWhole && mayMake,
    placeholderData: keepPreviousData,
  });
  if (!mayMake) return { lint: undefined, problems: {}, silence: undefined };
  if (!isWhole) {
    const silence = t`When all that it moves is named, it is said here and at each stage what it would see.`;
    return { lint: undefined, problems: {}, silence };
  }
  if (error) {
    const refusal = asApiError(error);
    if (refusal.code === 'validation_failed')
      return { lint: undefined, problems: problemSentences(fieldErrors(refusal)), silence: undefined };
    return { lint: undefined, problems: {}, silence: t`What it would see is not known: ${refusal.message}` };
  }
  return {
    lint: data,
    problems: problemSentences(Object.fromEntries(data?.problems.map(({ path, message }) => [path, message]) ?? [])),
    silence: undefined,
  };
}
