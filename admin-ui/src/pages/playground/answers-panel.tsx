import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo } from 'react';
import { evaluationQuery, type Question } from '../../api/history.ts';
import { Button } from '../../ui/button.tsx';
import { formatNumber } from '../../ui/format.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { AnswerFilters } from './answer-filters.tsx';
import { AnswerList } from './answer-list.tsx';
import { type AnswerFilter, fitting, rowsOf } from './answer-rows.ts';

interface AnswersPanelProps {
  /** Undefined: what was typed is no context yet. */
  question: Question | undefined;
  /** The same of another revision, to be compared with. */
  past: Question | undefined;
  filter: AnswerFilter;
  shown: string | undefined;
  onFilter: (part: AnswerFilter) => void;
  onShow: (flag: string) => void;
}

/** Asked in place of a question that is not there; such a query is never sent. */
const nothing: Question = { project: '', environment: '', revision: 0, isNow: false, context: {} };

/** What flags answer. */
export function AnswersPanel({ question, past, filter, shown, onFilter, onShow }: AnswersPanelProps) {
  const answers = useQuery({ ...evaluationQuery(question ?? nothing), enabled: question !== undefined });
  const before = useQuery({ ...evaluationQuery(past ?? nothing), enabled: past !== undefined });
  const here = answers.data?.answers;
  const then = past && before.data?.answers;
  const isCompared = past !== undefined;
  const rows = useMemo(() => rowsOf(here ?? [], then), [here, then]);
  // What is typed is shown at once; the list of thousands follows when there is time.
  const settled = useDeferredValue(filter);
  const shownRows = useMemo(() => fitting(rows, settled, isCompared), [rows, settled, isCompared]);
  return (
    <Panel
      title={t`Answers`}
      note={
        isCompared
          ? t`Beside those of revision ${formatNumber(past.revision)}.`
          : question?.moment !== undefined && answers.data && !answers.isPlaceholderData
            ? t`By revision ${formatNumber(answers.data.revision.number)}, which was served then, and the kills of then.`
            : t`Each says why; a press shows the path it took.`
      }
    >
      {!question && !answers.data ? (
        <p className="px-4 py-3.5 text-ink-3 text-xs">
          <Trans>Type a context: what every flag answers it appears here.</Trans>
        </p>
      ) : (
        <Loaded from={answers} what={t`the answers`}>
          {(found) =>
            isCompared && before.data === undefined ? (
              <Loaded from={before} what={t`the answers of then`}>
                {() => null}
              </Loaded>
            ) : found.answers.length === 0 && !isCompared ? (
              <p className="px-4 py-3.5 text-ink-3 text-xs">
                <Trans>There is no flag at this revision.</Trans>
              </p>
            ) : (
              <>
                <AnswerFilters rows={rows} filter={filter} onChange={onFilter} isCompared={isCompared} />
                <p role="status" aria-label={t`How many`} className="px-4 py-1.5 text-ink-3 text-xs">
                  {shownRows.length === rows.length
                    ? plural(rows.length, { one: '# flag', other: '# flags' })
                    : t`${formatNumber(shownRows.length)} of ${plural(rows.length, { one: '# flag', other: '# flags' })}`}
                </p>
                {shownRows.length === 0 ? (
                  <NoRows filter={settled} isCompared={isCompared} onFilter={onFilter} />
                ) : (
                  <AnswerList rows={shownRows} shown={shown} onShow={onShow} />
                )}
              </>
            )
          }
        </Loaded>
      )}
    </Panel>
  );
}

interface NoRowsProps {
  filter: AnswerFilter;
  isCompared: boolean;
  onFilter: (part: AnswerFilter) => void;
}

function NoRows({ filter, isCompared, onFilter }: NoRowsProps) {
  const isNarrowed = (filter.search ?? filter.answer ?? filter.reason) !== undefined;
  return (
    <div className="flex flex-wrap items-center gap-3 px-4 pt-1 pb-3.5 text-ink-3 text-xs">
      <p>
        {isCompared && !isNarrowed
          ? t`No flag answers this context otherwise at the two revisions.`
          : t`No flag is like this.`}
      </p>
      {isNarrowed && (
        <Button onClick={() => onFilter({ search: undefined, answer: undefined, reason: undefined })}>
          <Trans>Show all flags</Trans>
        </Button>
      )}
    </div>
  );
}
