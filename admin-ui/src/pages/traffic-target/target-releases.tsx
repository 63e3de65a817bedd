import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { releasesOfTargetQuery } from '../../api/releases.ts';
import type { TargetPlace } from '../../api/traffic.ts';
import type { Release } from '../../api/types.ts';
import { formatPercent } from '../../flags/weights.ts';
import { releasePath } from '../../paths.ts';
import { PhaseBadge } from '../../releases/phase-badge.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

/** What was set at a target, release by release. */
export function TargetReleases({ place }: { place: TargetPlace }) {
  const releases = useQuery({ ...releasesOfTargetQuery(place), refetchInterval: 10_000 });
  return (
    <Panel
      title={t`Releases`}
      note={t`What each set here last, of the newest 200 of the environment; its decisions are on its page.`}
    >
      <Loaded from={releases} what={t`its releases`}>
        {(items) =>
          items.length === 0 ? (
            <p className="px-4 py-3.5 text-ink-3 text-xs">
              <Trans>No release has moved requests here yet.</Trans>
            </p>
          ) : (
            <ul aria-label={t`Releases at this target`}>
              {items.map((release) => (
                <ReleaseOfTarget key={release.id} project={place.project} release={release} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}

function ReleaseOfTarget({ project, release }: { project: string; release: Release }) {
  const { id, title, traffic, set, updatedAt } = release;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b px-4 py-2 last:border-b-0">
      <span className="flex min-w-0 flex-1 basis-56 flex-col">
        <Link {...releasePath(project, id)} className="truncate rounded-xs font-medium hover:underline">
          {title}
        </Link>
        <span className="truncate font-mono text-2xs text-ink-3">
          <Trans>
            {traffic?.baseline} to {traffic?.candidate}
          </Trans>
        </span>
      </span>
      <PhaseBadge release={release} />
      <span className="w-24 text-end text-xs tabular-nums">
        {set?.trafficPer100k === undefined ? t`nothing yet` : formatPercent(set.trafficPer100k)}
      </span>
      <span className="w-24 text-end text-ink-3 text-xs">
        <RelativeTime at={updatedAt} />
      </span>
    </li>
  );
}
