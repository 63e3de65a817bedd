import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { MoveLeft, MoveRight } from 'lucide-react';
import { migrationRunsQuery, type PlanPlace } from '../../api/migration-plans.ts';
import type { MigrationRun } from '../../api/types.ts';
import { RowsCopied } from '../../migrations/rows-copied.tsx';
import { migrationPhases } from '../../releases/migration-phases.ts';
import { Badge } from '../../ui/badge.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { formatDuration } from '../../ui/format.ts';
import { Loaded, More } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

const looks = { running: 'plain', succeeded: 'muted', failed: 'danger' } as const;
const movingMs = 1_000;
const stillMs = 10_000;

/** What was done of a plan, newest first, and what it said. */
export function PlanRuns({ place, isMoving }: { place: PlanPlace; isMoving: boolean }) {
  const runs = useInfiniteQuery({
    ...migrationRunsQuery(place),
    refetchInterval: ({ state }) =>
      isMoving || state.data?.pages[0]?.items.some(({ outcome }) => outcome === 'running') ? movingMs : stillMs,
  });
  return (
    <Panel title={t`Runs`} note={t`Each action, newest first, with what it said.`}>
      <Loaded from={runs} what={t`the runs`}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return (
              <p className="px-4 py-3.5 text-ink-3 text-xs">
                <Trans>Nothing was run yet.</Trans>
              </p>
            );
          return (
            <>
              <ul aria-label={t`Runs`}>
                {items.map((run) => (
                  <Run key={run.id} run={run} />
                ))}
              </ul>
              <More from={runs} label={t`Show older runs`} />
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function Run({ run }: { run: MigrationRun }) {
  const { phase, direction, action, outcome, startedAt, ms, rows, total, output } = run;
  const Sign = direction === 'up' ? MoveRight : MoveLeft;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-1 border-line border-b px-4 py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-center gap-2 text-ink-2 text-xs">
          <Badge look={looks[outcome]}>{outcome}</Badge>
          <span className="flex items-center gap-1">
            <Sign className="size-3 text-ink-3" aria-label={direction === 'up' ? t`into` : t`out of`} />
            {t(migrationPhases[phase].name)}
          </span>
          <RelativeTime at={startedAt} />
        </p>
        <p className="mt-0.5 break-words text-xs">{action}</p>
        {outcome === 'running' && (rows > 0 || total !== null) && <RowsCopied done={rows} total={total} />}
        {output !== '' && (
          <details className="mt-0.5 text-ink-3 text-xs" open={outcome === 'failed'}>
            <summary className="w-fit cursor-pointer rounded-xs hover:text-ink">
              <Trans>What it said</Trans>
            </summary>
            <div className="mt-1">
              <CodeBlock title={t`Output`} code={output} wraps />
            </div>
          </details>
        )}
      </div>
      <p className="text-ink-2 text-xs tabular-nums sm:text-end">
        {ms === null ? t`under way` : formatDuration(ms)}
        {rows > 0 && <span className="block text-ink-3">{plural(rows, { one: '# row', other: '# rows' })}</span>}
      </p>
    </li>
  );
}
