import { t } from '@lingui/core/macro';
import { formatPercent, percentOf } from '../flags/weights.ts';

/** The candidate's share of requests. @param per100k null: it is not known */
export function ShareBar({ per100k }: { per100k: number | null }) {
  return (
    <span className="flex w-44 items-center gap-2">
      <span aria-hidden className="h-1.5 flex-1 overflow-hidden rounded-full bg-line">
        <span className="block h-full bg-series-2" style={{ width: `${percentOf(per100k ?? 0)}%` }} />
      </span>
      <span className="w-16 text-end text-xs tabular-nums">
        {per100k === null ? t`not known` : formatPercent(per100k)}
      </span>
    </span>
  );
}
