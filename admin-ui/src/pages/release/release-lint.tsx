import { t } from '@lingui/core/macro';
import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { releaseLintQuery } from '../../api/releases.ts';
import type { ReleaseLint as Lint, Release } from '../../api/types.ts';
import { describeRisk } from '../../releases/describe-risk.ts';
import { specOfRelease } from '../../releases/release-spec.ts';
import { Panel } from '../../ui/panel.tsx';
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx';
import { TryAgain } from '../../ui/try-again.tsx';

/** What the gates of a release that has not begun could see of harm, stage by stage, with the traffic that there is. */
export function ReleaseLint({ project, release }: { project: string; release: Release }) {
  const { data, isPending, error, refetch } = useQuery(releaseLintQuery(project, specOfRelease(release)));
  return (
    <Panel title={t`What it would see`} note={t`By the traffic that its gates have now.`}>
      {isPending && (
        <div className="px-4 py-3.5">
          <LoadingNote what={t`what it would see`} />
          <Skeleton className="w-72 max-w-full" />
        </div>
      )}
      {error && !data && (
        <div className="p-3">
          <TryAgain title={t`What it would see is not known`} error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {data && <Findings lint={data} />}
    </Panel>
  );
}

function Findings({ lint }: { lint: Lint }) {
  const { stages, problems } = lint;
  return (
    <div className="flex flex-col gap-2 px-4 py-3">
      {problems.map(({ path, message }) => (
        <p key={path} className="flex gap-2 text-danger-ink">
          <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          <span className="min-w-0 break-words">
            {path} {message}
          </span>
        </p>
      ))}
      <ul aria-label={t`What each stage would see`} className="flex flex-col gap-2">
        {stages
          .filter(({ gates }) => gates.length > 0)
          .map(({ stage, gates }) => (
            <li key={stage} className="flex flex-wrap gap-x-3">
              <span className="w-16 shrink-0 font-medium">{stage === null ? t`Bake` : t`Stage ${stage + 1}`}</span>
              <ul className="min-w-0 flex-1 basis-64">
                {gates.map(({ gate, sentence }) => (
                  <li key={gate} className="break-words text-ink-2 tabular-nums">
                    <span className="text-ink-3">{gate}:</span> {sentence}
                  </li>
                ))}
              </ul>
            </li>
          ))}
      </ul>
      <p className="text-ink-3 text-xs tabular-nums">{describeRisk(lint)}</p>
    </div>
  );
}
