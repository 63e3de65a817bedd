import { t } from '@lingui/core/macro';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { foundSegmentsQuery } from '../api/targeting.ts';
import { Select } from '../ui/select.tsx';
import { SuggestInput } from '../ui/suggest-input.tsx';
import type { ConditionView } from './condition-view.ts';
import { useSurroundings } from './surroundings.ts';

type SegmentView = ConditionView & { kind: 'segment' };

interface SegmentRowProps {
  view: SegmentView;
  place: string;
  onChange: (view: SegmentView) => void;
}

/** Whether a subject is in a segment of the environment. */
export function SegmentRow({ view, place, onChange }: SegmentRowProps) {
  const { project, environment } = useSurroundings();
  const { data } = useQuery({
    ...foundSegmentsQuery(project, environment.key, view.segment),
    placeholderData: keepPreviousData,
  });
  return (
    <div className="grid min-w-0 flex-1 gap-1.5 sm:grid-cols-[10rem_1fr]">
      <Select
        label={t`In or not, ${place}`}
        value={view.negated ? 'out' : 'in'}
        options={[
          { value: 'in', label: t`is in segment` },
          { value: 'out', label: t`is not in segment` },
        ]}
        onChange={(next) => onChange({ ...view, negated: next === 'out' })}
      />
      <SuggestInput
        label={t`Segment of ${place}`}
        placeholder={t`segment`}
        value={view.segment}
        suggestions={(data ?? []).map(({ key, name }) => ({ value: key, note: name === key ? undefined : name }))}
        onChange={(segment) => onChange({ ...view, segment })}
      />
    </div>
  );
}
