import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { gateRunQuery } from '../../api/releases.ts';
import type { GateRun, Release } from '../../api/types.ts';
import { curvesOf } from '../../evidence/evidence-curves.ts';
import { EvidencePlots } from '../../evidence/evidence-plots.tsx';
import { EvidenceTable } from '../../evidence/evidence-table.tsx';
import { isMoving } from '../../releases/phase.ts';
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx';
import { TryAgain } from '../../ui/try-again.tsx';

const freshMs = 2_000;

/** What a gate measured over time, as charts and as a table of the same. */
export function GateEvidence({ project, release, run }: { project: string; release: Release; run: GateRun }) {
  const isLive = isMoving(release) && run.attempt === release.attempt;
  const { data, isLoadingError, error, refetch } = useQuery({
    ...gateRunQuery(project, release.id, run.id),
    refetchInterval: isLive ? freshMs : false,
  });
  const curves = useMemo(() => data && curvesOf(data), [data]);
  if (isLoadingError) {
    return <TryAgain title={t`The evidence cannot be shown`} error={error} onRetry={() => void refetch()} />;
  }
  if (!data || !curves) {
    return (
      <div className="py-3">
        <LoadingNote what={t`evidence`} />
        <Skeleton className="h-32 w-full" />
      </div>
    );
  }
  return (
    <div className="flex min-w-0 flex-col gap-3 pt-2">
      <EvidencePlots name={run.gate.name} curves={curves} />
      {data.reproduced === false && (
        <p className="text-danger-ink">
          <Trans>Judged again from what is stored, it comes to something else.</Trans>
        </p>
      )}
      <EvidenceTable name={run.gate.name} points={data.points} />
    </div>
  );
}
