import { ChevronRight } from 'lucide-react';
import type { PastEvaluation } from '../../api/types.ts';
import { Badge } from '../../ui/badge.tsx';
import { classNames } from '../../ui/class-names.ts';
import { answerWords, isSame } from './answer-words.ts';

type Answer = PastEvaluation['answers'][number];

interface AnswerListProps {
  answers: readonly Answer[];
  /** Those of another revision, to be compared with; undefined: none. */
  before: readonly Answer[] | undefined;
  /** Only flags whose key has this in it. */
  search: string;
  /** The flag whose path is shown. */
  shown: string | undefined;
  onShow: (flag: string) => void;
}

/** What every flag answers; where another revision is compared with, only what it answered otherwise. */
export function AnswerList({ answers, before, search, shown, onShow }: AnswerListProps) {
  const past = before && new Map(before.map((answer) => [answer.flag, answer]));
  const here = new Map(answers.map((answer) => [answer.flag, answer]));
  const flags = [...new Set([...here.keys(), ...(past?.keys() ?? [])])]
    .filter((flag) => flag.includes(search.toLowerCase()))
    .filter((flag) => !past || !isSame(past.get(flag), here.get(flag)))
    .sort();
  if (flags.length === 0) {
    return (
      <p role="status" className="px-4 py-3.5 text-ink-3 text-xs">
        {past ? 'No flag answers this context otherwise at the two revisions.' : 'No flag is like this.'}
      </p>
    );
  }
  return (
    <ul aria-label="Answers" className="max-h-150 overflow-y-auto">
      {flags.map((flag) => {
        const answer = here.get(flag);
        const was = past?.get(flag);
        return (
          <li key={flag} className="border-line border-b last:border-b-0">
            <button
              type="button"
              aria-expanded={shown === flag}
              onClick={() => onShow(flag)}
              className={classNames(
                'flex min-h-10 w-full flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-1.5 text-start -outline-offset-2 hover:bg-hover',
                shown === flag && 'bg-sunken',
              )}
            >
              <span className="min-w-0 flex-1 basis-40 truncate font-mono">{flag}</span>
              {past && (
                <code className="min-w-0 max-w-full truncate text-ink-3 text-xs line-through">
                  {was ? answerWords(was) : 'no such flag'}
                </code>
              )}
              <code className="min-w-0 max-w-full truncate font-medium text-xs">
                {answer ? answerWords(answer) : 'no such flag'}
              </code>
              {answer && <Badge look={answer.errorCode === undefined ? 'muted' : 'danger'}>{answer.reason}</Badge>}
              <ChevronRight aria-hidden className="size-3.5 text-ink-3 max-sm:hidden" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
