import { Plus } from 'lucide-react';
import type { ReleaseLint } from '../../api/types.ts';
import type { ReleaseSpec } from '../../releases/release-spec.ts';
import { Button } from '../../ui/button.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Panel } from '../../ui/panel.tsx';
import { withAnotherStage, withStage } from './release-draft.ts';
import { columnsOf } from './stage-columns.tsx';
import { StageRow } from './stage-row.tsx';

interface StageFieldsProps {
  project: string;
  draft: ReleaseSpec;
  errors: FormErrors;
  /** Undefined: nothing is known yet. */
  lint: ReleaseLint | undefined;
  onChange: (draft: ReleaseSpec) => void;
}

/** The stages of a release: what each exposes, for how long it is watched, and what must be so before the next. */
export function StageFields({ project, draft, errors, lint, onChange }: StageFieldsProps) {
  const { stages } = draft;
  const columns = columnsOf(draft);
  return (
    <Panel
      title="Stages"
      note="One after the other; each waits until it was watched for as long, its gates have passed and people approve."
    >
      <div aria-hidden className="flex gap-3 border-line border-b px-4 py-1.5 text-2xs text-ink-3 max-lg:hidden">
        <span className="w-5" />
        {columns.map(({ name, width }) => (
          <span key={name} className={width}>
            {name}
          </span>
        ))}
      </div>
      <ol aria-label="Stages of the release">
        {stages.map((stage, at) => (
          <StageRow
            key={at}
            {...{ project, draft, stage, at, columns, errors, lint }}
            onChange={(part) => onChange(withStage(draft, at, part))}
            onRemove={() => onChange({ ...draft, stages: stages.filter((_, other) => other !== at) })}
          />
        ))}
      </ol>
      <div className="flex flex-wrap items-center gap-3 px-4 py-2">
        <Button look="quiet" onClick={() => onChange(withAnotherStage(draft))} disabled={stages.length >= 50}>
          <Plus aria-hidden />
          Add stage
        </Button>
        {errors.stages && (
          <p role="alert" className="text-danger-ink text-xs">
            {errors.stages}
          </p>
        )}
      </div>
    </Panel>
  );
}
