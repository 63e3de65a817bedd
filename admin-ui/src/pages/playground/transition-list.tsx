import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { type Question, transitionsQuery } from '../../api/history.ts';
import type { Environment, Transition } from '../../api/types.ts';
import { SetBackButton } from '../../history/set-back-button.tsx';
import { auditEventPath } from '../../paths.ts';
import { formatNumber } from '../../ui/format.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { deedWords } from '../audit/event-words.ts';
import { answerWords } from './answer-words.ts';

interface TransitionListProps {
  question: Question;
  flag: string;
  /** Of the question. */
  environment: Environment;
}

/** When a flag's answer for one context changed, newest first, and who or what did it. */
export function TransitionList({ question, flag, environment }: TransitionListProps) {
  const transitions = useQuery(transitionsQuery(question, flag));
  return (
    <section aria-label={t`Changes of what ${flag} answers`} className="border-line border-t pt-3">
      <h3 className="font-semibold">
        <Trans>What made it so</Trans>
      </h3>
      <Loaded from={transitions} what={t`the changes`}>
        {({ transitions: found, first, from, to }) => (
          <>
            <p className="text-ink-3 text-xs">
              <Trans>
                Every revision from {formatNumber(from.number)} to {formatNumber(to.number)} was asked; first it
                answered <code>{answerWords(first)}</code>.
              </Trans>
            </p>
            {found.length === 0 && (
              <p role="status" className="py-2 text-ink-2">
                <Trans>It never answered this context otherwise.</Trans>
              </p>
            )}
            <ol aria-label={t`Changes, newest first`} className="mt-2 flex flex-col gap-2">
              {found.toReversed().map((transition) => (
                <TransitionRow
                  key={`${transition.at} ${transition.revision} ${transition.cause}`}
                  project={question.project}
                  flag={flag}
                  environment={environment}
                  transition={transition}
                />
              ))}
            </ol>
          </>
        )}
      </Loaded>
    </section>
  );
}

/** What made it so, and at which revision. */
function byWords(cause: Transition['cause'], revision: string): string {
  switch (cause) {
    case 'revision':
      return t`by revision ${revision}`;
    case 'kill':
      return t`by a kill or re-arm, at revision ${revision}`;
    case 'time':
      return t`by time alone, at revision ${revision}`;
  }
}

interface TransitionRowProps {
  project: string;
  flag: string;
  environment: Environment;
  transition: Transition;
}

function TransitionRow({ project, flag, environment, transition }: TransitionRowProps) {
  const { cause, at, revision, events, was, became } = transition;
  return (
    <li className="flex flex-col gap-0.5 border-edge border-s-2 ps-2.5">
      <p className="flex flex-wrap items-center gap-x-2 text-xs">
        <code className="min-w-0 break-all text-ink-3 line-through">{answerWords(was)}</code>
        <ArrowRight aria-hidden className="size-3 shrink-0 text-ink-3" />
        <code className="min-w-0 break-all font-medium">{answerWords(became)}</code>
        <span className="text-ink-3">
          {byWords(cause, formatNumber(revision))} · <RelativeTime at={at} />
        </span>
      </p>
      {events.map(({ id, actor, action, target, comment, reason }) => (
        <p key={id} className="text-xs">
          <Link {...auditEventPath(project, id)} className="rounded-xs text-link leading-6 hover:underline">
            {deedWords(actor.name, action, target.kind, target.key)}
          </Link>
          {(comment ?? reason) !== undefined && <span className="text-ink-2"> “{comment ?? reason}”</span>}
        </p>
      ))}
      {cause === 'revision' && (
        <p>
          <SetBackButton {...{ project, flag, environment, revision }} />
        </p>
      )}
    </li>
  );
}
