import { msg, t } from '@lingui/core/macro';
import type { PastEvaluation } from '../../api/types.ts';
import { answerWords, isSame } from './answer-words.ts';

type Answer = PastEvaluation['answers'][number];

/** What one flag answers and, where another revision is compared with, answered there. */
export interface AnswerRow {
  readonly flag: string;
  /** Undefined: there is no such flag. */
  readonly answer: Answer | undefined;
  readonly words: string;
  /** Undefined: nothing is compared. */
  readonly was: string | undefined;
  readonly differs: boolean;
}

export interface AnswerFilter {
  /** Only flags whose key has this in it. */
  readonly search?: string | undefined;
  /** Only answers that say this. */
  readonly answer?: string | undefined;
  readonly reason?: string | undefined;
  /** Where something is compared: also flags that answer the same. */
  readonly same?: true | undefined;
}

const missing = msg`no such flag`;

/** By flag. @param before of the revision that is compared with */
export function rowsOf(answers: readonly Answer[], before: readonly Answer[] | undefined): AnswerRow[] {
  const past = before && new Map(before.map((answer) => [answer.flag, answer]));
  const here = new Map(answers.map((answer) => [answer.flag, answer]));
  return [...new Set([...here.keys(), ...(past?.keys() ?? [])])].sort().map((flag) => {
    const answer = here.get(flag);
    const old = past?.get(flag);
    return {
      ...{ flag, answer, words: answer ? answerWords(answer) : t(missing) },
      was: past && (old ? answerWords(old) : t(missing)),
      differs: past !== undefined && !isSame(old, answer),
    };
  });
}

/** @param isCompared what answers the same is left out then, unless it is asked for */
export function fitting(rows: readonly AnswerRow[], filter: AnswerFilter, isCompared: boolean): AnswerRow[] {
  const search = filter.search?.toLowerCase() ?? '';
  return rows.filter(
    ({ flag, answer, words, differs }) =>
      flag.includes(search) &&
      (filter.answer === undefined || words === filter.answer) &&
      (filter.reason === undefined || answer?.reason === filter.reason) &&
      (!isCompared || filter.same || differs),
  );
}

/** How many rows there are of each kind, the most common first. */
export function countsOf(
  rows: readonly AnswerRow[],
  kindOf: (row: AnswerRow) => string | undefined,
): (readonly [kind: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const kind = kindOf(row);
    if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].sort(([a, x], [b, y]) => y - x || a.localeCompare(b));
}
