import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { asApiError } from '../../api/api-error.ts';
import { trafficStateQuery } from '../../api/releases.ts';
import type { TrafficTarget } from '../../api/types.ts';
import { say } from '../../locales/say.ts';
import { trafficTargetPath } from '../../paths.ts';
import { InRelease } from '../../releases/in-release.tsx';
import { trafficKinds } from '../../traffic/kinds.ts';
import { ShareBar } from '../../traffic/share-bar.tsx';
import { Badge } from '../../ui/badge.tsx';
import { formatNumber } from '../../ui/format.ts';
import { Skeleton } from '../../ui/skeleton.tsx';

interface TargetRowProps {
  project: string;
  environment: string;
  target: TrafficTarget;
}

const refreshMs = 10_000;

/** One target in the list: how it divides requests now, and what steers it. */
export function TargetRow({ project, environment, target }: TargetRowProps) {
  const { key, name, kind } = target;
  const state = useQuery({ ...trafficStateQuery(project, environment, key), refetchInterval: refreshMs });
  const problem = state.data?.problem ?? (state.error ? asApiError(state.error).message : undefined);
  const up = state.data?.up;
  const release = state.data?.release;
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b px-4 py-2.5 last:border-b-0 hover:bg-hover">
      <div className="flex min-w-0 flex-1 basis-64 flex-col">
        <span className="flex min-w-0 items-baseline gap-2">
          <Link
            {...trafficTargetPath(project, environment, key)}
            className="truncate font-medium font-mono -outline-offset-2 after:absolute after:inset-0"
          >
            {key}
          </Link>
          {name !== key && <span className="truncate text-ink-2 text-xs">{name}</span>}
        </span>
        <span className="truncate text-ink-3 text-xs">{say(trafficKinds[kind].name)}</span>
      </div>
      {release && <InRelease project={project} release={release} />}
      {up && (
        <span className="text-ink-2 text-xs tabular-nums">
          <Trans>
            up: {formatNumber(up.candidate)} candidate, {formatNumber(up.baseline)} baseline
          </Trans>
        </span>
      )}
      {problem !== undefined && (
        <Badge look="danger">
          <Trans>needs mending</Trans>
        </Badge>
      )}
      {state.isPending ? <Skeleton className="w-44" /> : <ShareBar per100k={state.data?.candidatePer100k ?? null} />}
      {problem !== undefined && <p className="w-full break-words text-danger-ink text-xs">{problem}</p>}
    </li>
  );
}
