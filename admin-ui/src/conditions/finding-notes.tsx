import { msg, t } from '@lingui/core/macro';
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { classNames } from '../ui/class-names.ts';
import { findingsIn, useFindings } from './surroundings.ts';

interface FindingNotesProps {
  /** A place in the flag's document: `rules[0].when`. */
  at: string;
  /** Only of the place itself; what is inside it is said there. */
  exactly?: boolean;
}

const looks = {
  error: { icon: CircleAlert, ink: 'text-danger-ink', word: msg`Error` },
  warning: { icon: TriangleAlert, ink: 'text-ink', word: msg`Warning` },
  info: { icon: Info, ink: 'text-ink-2', word: msg`Note` },
} as const;

/** What is wrong or doubtful about a part of the draft, beside it. */
export function FindingNotes({ at, exactly = false }: FindingNotesProps) {
  const findings = useFindings();
  const shown = exactly ? findings.filter(({ path }) => path === at) : findingsIn(findings, at);
  if (shown.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1">
      {shown.map(({ severity, path, message }) => {
        const { icon: Icon, ink, word } = looks[severity];
        const inside = path.slice(at.length).replace(/^\./, '');
        return (
          <li key={`${path} ${message}`} className={classNames('flex items-start gap-1.5 text-xs', ink)}>
            <Icon className="mt-0.5 size-3.5 shrink-0" aria-label={t(word)} />
            <span className="min-w-0 break-words">
              {inside && <code className="font-mono">{inside} </code>}
              {message}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
