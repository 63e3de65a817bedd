import { t } from '@lingui/core/macro';
import { useMemo } from 'react';
import { formatNumber } from '../../ui/format.ts';
import { SearchBox } from '../../ui/search-box.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { type AnswerFilter, type AnswerRow, countsOf } from './answer-rows.ts';

interface AnswerFiltersProps {
  /** All of them. */
  rows: readonly AnswerRow[];
  filter: AnswerFilter;
  onChange: (part: AnswerFilter) => void;
  isCompared: boolean;
}

/** So many answers are offered, the most common; others are found by their flags. */
const offeredAnswers = 50;

/** What narrows the answers: the flag, what it answers, why, and where two revisions are compared, whether they differ. */
export function AnswerFilters({ rows, filter, onChange, isCompared }: AnswerFiltersProps) {
  const answers = useMemo(() => countsOf(rows, ({ words }) => words).slice(0, offeredAnswers), [rows]);
  const reasons = useMemo(() => countsOf(rows, ({ answer }) => answer?.reason), [rows]);
  return (
    <search className="flex flex-wrap items-center gap-2 border-line border-b px-4 py-2">
      <div className="flex min-w-full flex-1 sm:min-w-48">
        <SearchBox
          label={t`Search flags`}
          value={filter.search ?? ''}
          onChange={(search) => onChange({ search: search || undefined })}
        />
      </div>
      <div className="w-40 max-sm:w-auto max-sm:flex-1">
        <Select
          label={t`Answer`}
          value={filter.answer === undefined ? 'all' : `=${filter.answer}`}
          options={[{ value: 'all', label: t`All answers` }, ...options(answers, filter.answer)]}
          onChange={(answer) => onChange({ answer: answer === 'all' ? undefined : answer.slice(1) })}
        />
      </div>
      <div className="w-44 max-sm:w-auto max-sm:flex-1">
        <Select
          label={t`Reason`}
          value={filter.reason === undefined ? 'all' : `=${filter.reason}`}
          options={[{ value: 'all', label: t`All reasons` }, ...options(reasons, filter.reason)]}
          onChange={(reason) => onChange({ reason: reason === 'all' ? undefined : reason.slice(1) })}
        />
      </div>
      {isCompared && (
        <Segmented
          label={t`Which flags`}
          value={filter.same ? 'all' : 'differing'}
          options={[
            { value: 'differing', label: t`What differs` },
            { value: 'all', label: t`All` },
          ]}
          onChange={(which) => onChange({ same: which === 'all' ? true : undefined })}
        />
      )}
    </search>
  );
}

/** With a sign in front, so that no answer is taken for the choice of all. The chosen one is there in any case. */
function options(counts: readonly (readonly [string, number])[], chosen: string | undefined) {
  const known = counts.map(([kind, count]) => ({ value: `=${kind}`, label: `${kind} (${formatNumber(count)})` }));
  return chosen === undefined || counts.some(([kind]) => kind === chosen)
    ? known
    : [...known, { value: `=${chosen}`, label: `${chosen} (0)` }];
}
