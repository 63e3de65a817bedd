import type { ReleaseTemplate } from '../../api/types.ts';
import { percentOf } from '../../flags/weights.ts';

/** How much each stage of a template exposes, at a glance: traffic or copies of it, flags, or a step of a migration. */
export function StageBars({ stages }: { stages: ReleaseTemplate['stages'] }) {
  let flags = 0;
  let traffic = 0;
  return (
    <div aria-hidden className="flex h-9 items-end gap-1">
      {stages.map((stage, at) => {
        flags = stage.flagsPer100k ?? flags;
        traffic = stage.trafficPer100k ?? stage.shadowPer100k ?? traffic;
        return (
          <span key={at} className="relative flex h-full max-w-7 flex-1 items-end gap-px rounded-xs bg-sunken">
            {traffic > 0 && <Bar per100k={traffic} color="bg-series-2" />}
            {flags > 0 && <Bar per100k={flags} color="bg-accent" />}
            {stage.migrationPhase !== undefined && (
              <span className="absolute inset-x-0 bottom-0 h-1 rounded-xs bg-series-6" />
            )}
          </span>
        );
      })}
    </div>
  );
}

function Bar({ per100k, color }: { per100k: number; color: string }) {
  return <span className={`min-h-0.5 flex-1 rounded-xs ${color}`} style={{ height: `${percentOf(per100k)}%` }} />;
}
