import { ComparisonRow } from './comparison-row.tsx';
import type { ConditionView } from './condition-view.ts';
import { DuringRow } from './during-row.tsx';
import { SegmentRow } from './segment-row.tsx';

interface PartFieldsProps {
  view: Exclude<ConditionView, { kind: 'group' }>;
  place: string;
  onChange: (view: ConditionView) => void;
}

/** The means to change one condition that is no group. */
export function PartFields({ view, place, onChange }: PartFieldsProps) {
  switch (view.kind) {
    case 'comparison':
      return (
        <ComparisonRow
          comparison={view.comparison}
          negated={view.negated}
          place={place}
          onChange={(comparison, negated) => onChange({ kind: 'comparison', comparison, negated })}
        />
      );
    case 'segment':
      return <SegmentRow view={view} place={place} onChange={onChange} />;
    case 'during':
      return <DuringRow view={view} place={place} onChange={onChange} />;
    case 'other':
      return (
        <code className="min-w-0 flex-1 self-center break-words font-mono text-ink-2 text-xs">
          {JSON.stringify(view.condition)}
        </code>
      );
  }
}
