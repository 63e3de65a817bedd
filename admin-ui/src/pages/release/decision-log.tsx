import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { decisionsQuery, exportPath } from '../../api/releases.ts';
import type { Release, ReleaseDecision } from '../../api/types.ts';
import { describeExposure } from '../../releases/describe-exposure.ts';
import { releaseSentence } from '../../releases/release-sentence.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx';
import { TryAgain } from '../../ui/try-again.tsx';

/** What was decided about a release, by whom, and the facts that it followed from; newest first. */
export function DecisionLog({ project, release }: { project: string; release: Release }) {
  const decisions = useInfiniteQuery(decisionsQuery(project, release.id, release.version));
  const items = decisions.data?.pages.flatMap((page) => page.items);
  return (
    <Panel
      title={t`Decisions`}
      note={t`Newest first, each with what was seen when it was made.`}
      actions={
        <a
          href={exportPath(project, release.id)}
          download={`release-${release.id}.json`}
          title={t`All decisions with what each follows from, for bunting release verify`}
          className="text-link text-xs hover:underline"
        >
          <Trans>Export</Trans>
        </a>
      }
    >
      {decisions.isPending && (
        <div className="px-4 py-3.5">
          <LoadingNote what={t`decisions`} />
          <Skeleton className="w-72 max-w-full" />
        </div>
      )}
      {decisions.isLoadingError && (
        <div className="p-3">
          <TryAgain
            title={t`The decisions cannot be listed`}
            error={decisions.error}
            onRetry={() => void decisions.refetch()}
          />
        </div>
      )}
      {items?.length === 0 && (
        <p className="px-4 py-3.5 text-ink-3 text-xs">
          <Trans>Nothing was decided yet.</Trans>
        </p>
      )}
      {items && items.length > 0 && (
        <ol aria-label={t`Decisions`}>
          {items.map((decision) => (
            <DecisionRow key={decision.id} decision={decision} />
          ))}
        </ol>
      )}
      {decisions.hasNextPage && (
        <div className="px-4 py-2.5">
          <Button look="quiet" busy={decisions.isFetchingNextPage} onClick={() => void decisions.fetchNextPage()}>
            <Trans>Show older decisions</Trans>
          </Button>
        </div>
      )}
    </Panel>
  );
}

function DecisionRow({ decision: { at, by, decision, stage, set, facts } }: { decision: ReleaseDecision }) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 border-line border-b px-4 py-2 last:border-b-0">
      <span className="w-24 shrink-0 text-ink-3 text-xs">
        <RelativeTime at={at} />
      </span>
      <div className="min-w-0 flex-1 basis-72">
        <p className="break-words">{releaseSentence(decision)}</p>
        <details className="text-ink-3 text-xs">
          <summary className="w-fit cursor-pointer rounded-xs hover:text-ink">
            <Trans>What was seen</Trans>
          </summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre tabIndex={0} className="mt-1 overflow-x-auto rounded-sm bg-sunken px-3 py-2 font-mono text-2xs">
            {JSON.stringify(facts, withoutCurves, 2)}
          </pre>
        </details>
      </div>
      <span className="text-ink-3 text-xs tabular-nums">
        <Trans>
          stage {stage + 1}, {describeExposure(set)}
        </Trans>
      </span>
      <span className="w-28 truncate text-ink-2 text-xs sm:text-end" title={by.name}>
        {by.kind === 'system' ? t`by itself` : by.name}
      </span>
    </li>
  );
}

/** What charts show elsewhere would be hundreds of lines here; an export has it. */
function withoutCurves(name: string, value: unknown): unknown {
  return name === 'comparisons' ? t`drawn under “Who is to blame”` : value;
}
