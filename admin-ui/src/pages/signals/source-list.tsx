import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMayEverywhere } from '../../api/permissions.ts';
import type { SignalSource } from '../../api/types.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { wordOf } from '../../ui/code-words.ts';
import { Panel } from '../../ui/panel.tsx';
import { useNow } from '../../ui/use-now.ts';
import { timeOf } from '../schedules/schedule-words.ts';
import { SetUpSteps } from './set-up-steps.tsx';
import { SourceActs } from './source-acts.tsx';

interface SourceListProps {
  project: string;
  /** Change those of the project. */
  mayWrite: boolean;
  sources: readonly SignalSource[];
  /** Key of the one whose signals are shown. */
  shown: string;
  onShow: (key: string) => void;
}

/** Who may send signals, and how forcefully each may act. */
export function SourceList({ project, mayWrite, sources, shown, onShow }: SourceListProps) {
  const mayEverywhere = useMayEverywhere();
  return (
    <Panel title={t`Sources`} note={t`Who may send, and the most forceful thing that each may lead to.`}>
      <ul aria-label={t`Sources`}>
        {sources.map((source) => (
          <li
            key={source.key}
            className={classNames(
              'flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2.5 last:border-b-0',
              source.key === shown && 'bg-sunken',
            )}
          >
            <div className="min-w-0 flex-1 basis-64">
              <p className="flex min-w-0 flex-wrap items-center gap-2">
                <span className="min-w-0 truncate font-medium" title={source.name}>
                  {source.name}
                </span>
                <Badge look="muted">{source.vendor}</Badge>
                {source.project === null && (
                  <Badge look="muted">
                    <Trans>whole installation</Trans>
                  </Badge>
                )}
                {!source.hasSecret && source.vendor !== 'cloudwatch' && (
                  <Badge look="danger">
                    <Trans>no secret</Trans>
                  </Badge>
                )}
                <Badge>{t`at most: ${wordOf(source.allow.action)}`}</Badge>
                <Badge look={source.mode === 'armed' ? 'danger' : 'muted'}>
                  {source.mode === 'armed' ? t`armed` : t`dry run`}
                </Badge>
              </p>
              <EarlierSecret until={source.previousUntil} />
              <details className="mt-0.5 text-ink-2 text-xs">
                <summary className="w-fit cursor-pointer rounded-xs text-ink-3 hover:text-ink">
                  <Trans>What to type into {source.vendor}</Trans>
                </summary>
                <SetUpSteps steps={source.setUp} />
              </details>
            </div>
            {(source.project === null ? mayEverywhere('safeguard:write') : mayWrite) && (
              <SourceActs project={project} source={source} />
            )}
            {source.key === shown ? (
              <span className="px-3 text-ink-3 text-xs leading-8">
                <Trans>shown below</Trans>
              </span>
            ) : (
              <Button look="quiet" aria-label={t`Show signals of ${source.name}`} onClick={() => onShow(source.key)}>
                <Trans>Show signals</Trans>
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** For as long as the secret before is believed, too. */
function EarlierSecret({ until }: { until: string | null }) {
  const nowMs = useNow();
  if (until === null || Date.parse(until) <= nowMs) return null;
  return (
    <p className="mt-0.5 text-ink-3 text-xs">
      <Trans>The secret before counts until {timeOf({ at: until })}.</Trans>
    </p>
  );
}
