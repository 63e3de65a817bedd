import { useQuery } from '@tanstack/react-query';
import { evaluationQuery, type Question } from '../../api/history.ts';
import { formatCount } from '../../ui/format.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { AnswerList } from './answer-list.tsx';

interface AnswersPanelProps {
  /** Undefined: what was typed is no context yet. */
  question: Question | undefined;
  /** The same of another revision, to be compared with. */
  past: Question | undefined;
  search: string;
  shown: string | undefined;
  onSearch: (text: string) => void;
  onShow: (flag: string) => void;
}

/** Asked in place of a question that is not there; such a query is never sent. */
const nothing: Question = { project: '', environment: '', revision: 0, isNow: false, context: {} };

/** What flags answer. */
export function AnswersPanel({ question, past, search, shown, onSearch, onShow }: AnswersPanelProps) {
  const answers = useQuery({ ...evaluationQuery(question ?? nothing), enabled: question !== undefined });
  const before = useQuery({ ...evaluationQuery(past ?? nothing), enabled: past !== undefined });
  const count = answers.data?.answers.length ?? 0;
  return (
    <Panel
      title="Answers"
      note={
        past ? `Only what differs from revision ${past.revision}.` : `Of ${formatCount(count, 'flag')}; each says why.`
      }
    >
      <div className="border-line border-b px-4 py-2">
        <SearchBox label="Search flags" value={search} onChange={onSearch} />
      </div>
      {!question && !answers.data ? (
        <p className="px-4 py-3.5 text-ink-3 text-xs">Type a context: what every flag answers it appears here.</p>
      ) : (
        <Loaded from={answers} what="the answers">
          {(found) =>
            past && before.data === undefined ? (
              <Loaded from={before} what="the answers of then">
                {() => null}
              </Loaded>
            ) : found.answers.length === 0 && !past ? (
              <p className="px-4 py-3.5 text-ink-3 text-xs">There is no flag at this revision.</p>
            ) : (
              <AnswerList
                answers={found.answers}
                before={past ? before.data?.answers : undefined}
                search={search}
                shown={shown}
                onShow={onShow}
              />
            )
          }
        </Loaded>
      )}
    </Panel>
  );
}
