import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type GuardedPlace, safeguardStateQuery } from '../api/safeguards.ts';
import type { Safeguard, SafeguardState } from '../api/types.ts';
import { curvesOf } from '../evidence/evidence-curves.ts';
import { EvidencePlots } from '../evidence/evidence-plots.tsx';
import { EvidenceTable } from '../evidence/evidence-table.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { RatioPlot } from './ratio-plot.tsx';
import { RatioTable } from './ratio-table.tsx';

const freshMs = 2_000;

type VariantState = SafeguardState['states'][number];

interface LiveEvidenceProps {
  place: GuardedPlace;
  safeguard: Safeguard;
  /** Which variant of which flag, by which rule. */
  watched: Pick<VariantState, 'flag' | 'variant' | 'rule'>;
}

/** What a safeguard has counted of one variant, as charts and as a table of the same; as it happens. */
export function LiveEvidence({ place, safeguard, watched }: LiveEvidenceProps) {
  const state = useQuery({ ...safeguardStateQuery(place, safeguard.id), refetchInterval: freshMs });
  return (
    <Loaded from={state} what={t`the evidence`}>
      {({ states }) => {
        const found = states.find(
          ({ flag, variant, rule }) => flag === watched.flag && variant === watched.variant && rule === watched.rule,
        );
        if (found === undefined || found.points.length === 0) {
          return (
            <p className="py-2 text-ink-3">
              <Trans>Nothing is counted yet, by the server that answered.</Trans>
            </p>
          );
        }
        return <Evidence safeguard={safeguard} state={found} />;
      }}
    </Loaded>
  );
}

function Evidence({ safeguard, state }: { safeguard: Safeguard; state: VariantState }) {
  const { points, threshold, variant, dueShare } = state;
  const isRatio = safeguard.test.kind === 'sample_ratio';
  const name = `${safeguard.name}, ${variant}`;
  const curves = useMemo(() => {
    const { shares, ...others } = curvesOf({ points, threshold });
    // Nobody is bad: it is about how many came.
    return isRatio || shares === undefined ? others : { ...others, shares };
  }, [points, threshold, isRatio]);
  return (
    <div className="flex min-w-0 flex-col gap-3 pt-2">
      <EvidencePlots name={name} curves={curves} of={isRatio ? t`another share` : t`harm`}>
        {isRatio && <RatioPlot name={name} points={points} due={dueShare} />}
      </EvidencePlots>
      {isRatio ? <RatioTable name={name} points={points} /> : <EvidenceTable name={name} points={points} />}
    </div>
  );
}
