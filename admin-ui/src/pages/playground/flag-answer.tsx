import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { type Question, traceQuery } from '../../api/history.ts';
import type { Environment } from '../../api/types.ts';
import { flagPath } from '../../paths.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { useHotkey } from '../../ui/hotkey.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { TracePath } from './trace-path.tsx';
import { pathOf } from './trace-steps.ts';
import { TransitionList } from './transition-list.tsx';

interface FlagAnswerProps {
  question: Question;
  environment: Environment;
  flag: string;
  onClose: () => void;
}

/** Why a flag answers a context so, and which changes of the past made it so. Esc closes it. */
export function FlagAnswer({ question, environment, flag, onClose }: FlagAnswerProps) {
  const trace = useQuery(traceQuery(question, flag));
  const [isAsked, setAsked] = useState(false);
  const content = useRef<HTMLDivElement>(null);
  useHotkey('Escape', onClose);
  const isLedTo = useRef(false);
  useEffect(() => {
    // From a row one is led to it; an address that names it leaves the page as it is.
    isLedTo.current = document.activeElement?.closest('[data-index]') !== null;
    if (isLedTo.current) content.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    if (isLedTo.current && trace.data !== undefined) content.current?.scrollIntoView({ block: 'nearest' });
  }, [trace.data]);
  return (
    <Panel
      title={t`Why it answers so`}
      actions={
        <IconButton label={t`Close`} onClick={onClose}>
          <X aria-hidden />
        </IconButton>
      }
    >
      <div ref={content} tabIndex={-1} className="flex flex-col gap-3 px-4 py-3 -outline-offset-2">
        <p>
          <Link
            {...flagPath(question.project, flag)}
            className="break-all rounded-xs font-mono leading-6 hover:underline"
          >
            {flag}
          </Link>
        </p>
        <Loaded from={trace} what={t`how it came about`}>
          {(found) =>
            found === null ? (
              <p className="text-ink-3 text-xs">
                <Trans>This revision has no such flag: code gets its own default.</Trans>
              </p>
            ) : (
              <TracePath steps={pathOf(found)} label={t`Path of ${flag}`} />
            )
          }
        </Loaded>
        {isAsked ? (
          <TransitionList question={question} flag={flag} environment={environment} />
        ) : (
          <div>
            <Button onClick={() => setAsked(true)}>
              <Trans>Find the changes that made it so</Trans>
            </Button>
          </div>
        )}
      </div>
    </Panel>
  );
}
