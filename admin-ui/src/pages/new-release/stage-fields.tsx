import { arrayMove } from '@dnd-kit/sortable';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Plus } from 'lucide-react';
import type { ReleaseLint } from '../../api/types.ts';
import { say } from '../../locales/say.ts';
import type { ReleaseSpec } from '../../releases/release-spec.ts';
import { Button } from '../../ui/button.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Panel } from '../../ui/panel.tsx';
import { SortableList } from '../../ui/sortable-list.tsx';
import { withAnotherStage, withStage } from './release-draft.ts';
import { columnsOf } from './stage-columns.tsx';
import { maxStages, type StageAct, StageRow } from './stage-row.tsx';
import { useItemIds } from './use-item-ids.ts';

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
  const { ids, follow } = useItemIds(stages.length);
  const onAct = (act: StageAct, at: number) => {
    switch (act.kind) {
      case 'change':
        return onChange(withStage(draft, at, act.part));
      case 'move':
        follow((all) => arrayMove(all, at, act.to));
        return onChange({ ...draft, stages: arrayMove([...stages], at, act.to) });
      case 'insert':
        follow((all, newId) => all.toSpliced(at, 0, newId()));
        return onChange(withAnotherStage(draft, at));
      case 'remove':
        follow((all) => all.toSpliced(at, 1));
        return onChange({ ...draft, stages: stages.toSpliced(at, 1) });
    }
  };
  return (
    <Panel
      title={t`Stages`}
      note={t`One after the other; each waits until it was watched for as long, its gates have passed and people approve.`}
    >
      <div aria-hidden className="flex gap-3 border-line border-b px-4 py-1.5 text-2xs text-ink-3 max-lg:hidden">
        <span className="w-14" />
        {columns.map(({ name, width }) => (
          <span key={say(name)} className={width}>
            {say(name)}
          </span>
        ))}
      </div>
      <SortableList ids={ids} what={t`stage`} onMove={(from, to) => onAct({ kind: 'move', to }, from)}>
        <ol aria-label={t`Stages of the release`}>
          {stages.map((stage, at) => (
            <StageRow
              key={ids[at]}
              {...{ project, draft, stage, at, columns, errors, lint }}
              id={ids[at] ?? ''}
              onAct={(act) => onAct(act, at)}
            />
          ))}
        </ol>
      </SortableList>
      <div className="flex flex-wrap items-center gap-3 px-4 py-2">
        <Button
          look="quiet"
          onClick={() => onAct({ kind: 'insert' }, stages.length - 1)}
          disabled={stages.length >= maxStages}
        >
          <Trans>
            <Plus aria-hidden />
            Add stage
          </Trans>
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
