import { t } from '@lingui/core/macro';
import type { MigrationPlan } from '../api/types.ts';
import { formatNumber } from '../ui/format.ts';
import { Progress } from '../ui/progress.tsx';

/** How far a backfill is. */
export function RowsCopied({ done, total }: NonNullable<MigrationPlan['progress']>) {
  return (
    <div className="flex items-center gap-3 text-xs tabular-nums">
      {total !== null && total > 0 && <Progress label={t`Rows copied`} value={Math.min(done, total)} max={total} />}
      <span className="text-ink-2">
        {formatNumber(done)} {total === null ? t`rows copied` : t`of ${formatNumber(total)} rows copied`}
      </span>
    </div>
  );
}
