import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Instance } from '../../api/types.ts';
import { Badge } from '../../ui/badge.tsx';
import { classNames } from '../../ui/class-names.ts';
import { formatDuration, formatNumber } from '../../ui/format.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';

/** Columns from `md` on: who, what runs, where it is connected, what it has. */
export const instanceColumns = 'md:grid-cols-[minmax(0,3fr)_minmax(0,3fr)_minmax(0,3fr)_minmax(0,3fr)]';

interface InstanceRowProps {
  instance: Instance;
  /** Undefined: not known to whoever looks. */
  keyName: string | undefined;
}

/** One running SDK. */
export function InstanceRow({ instance, keyName }: InstanceRowProps) {
  const { id, app, host, sdk, deploy, relay, server, pollMs, connectedAt, lostAt } = instance;
  const stage = [deploy?.stage, deploy?.color].filter(Boolean).join(' · ');
  const place = relay === null ? (server ?? t`directly`) : `${relay}${server ? ` → ${server}` : ''}`;
  return (
    <div
      className={classNames(
        'grid gap-x-4 gap-y-0.5 border-line border-b px-4 py-2 text-xs max-md:grid-cols-2',
        instanceColumns,
      )}
    >
      <div className="min-w-0">
        <p className="truncate font-medium text-sm" title={id}>
          {app ?? id}
        </p>
        <p className="truncate text-ink-3">{host ?? (app === null ? t`no host said` : id)}</p>
      </div>
      <div className="min-w-0">
        <p className="truncate font-mono" title={deploy?.version}>
          {deploy?.version ?? (
            <span className="font-sans text-ink-3">
              <Trans>no version said</Trans>
            </span>
          )}
          {stage && <span className="ms-2 font-sans text-ink-3">{stage}</span>}
        </p>
        <p className="truncate text-ink-3">
          {sdk.name} {sdk.version}
        </p>
      </div>
      <div className="min-w-0">
        <p className="truncate" title={place}>
          {relay === null ? place : t`via ${place}`}
          {pollMs !== null && (
            <span className="text-ink-3">
              {' · '}
              <Trans>asks every {formatDuration(pollMs)}</Trans>
            </span>
          )}
        </p>
        <p className="truncate text-ink-3">
          {lostAt ? (
            <Trans>
              lost <RelativeTime at={lostAt} />
            </Trans>
          ) : (
            <Trans>
              connected <RelativeTime at={connectedAt} />
            </Trans>
          )}
          {keyName !== undefined && <> · {t`key ${keyName}`}</>}
        </p>
      </div>
      <InstanceData instance={instance} />
    </div>
  );
}

const dots: Record<Instance['state'], string> = {
  confirmed: 'bg-live',
  pending: 'bg-accent',
  unknown: 'bg-idle',
};

/** Which revision it runs, how old its data is, and what is wrong with that. */
function InstanceData({ instance }: { instance: Instance }) {
  const { revision, state, behindMs, brokenFlags, dataAgeMs } = instance;
  return (
    <div className="min-w-0">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 tabular-nums">
        <span aria-hidden className={classNames('size-2 shrink-0 rounded-full', dots[state])} />
        {revision ? t`revision ${formatNumber(revision.number)}` : t`no revision yet`}
        {state === 'unknown' && (
          <Badge look="muted">
            <Trans>lost</Trans>
          </Badge>
        )}
        {behindMs !== null && <Badge>{t`behind for ${formatDuration(behindMs)}`}</Badge>}
        {brokenFlags > 0 && <Badge look="danger">{t`${formatNumber(brokenFlags)} not understood`}</Badge>}
      </p>
      <p className="truncate text-ink-3 tabular-nums">
        {dataAgeMs === null ? t`age of its data not said` : t`data ${formatDuration(dataAgeMs)} old`}
      </p>
    </div>
  );
}
