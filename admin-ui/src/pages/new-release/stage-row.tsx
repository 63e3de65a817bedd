import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Ellipsis, Milestone, Plus, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ReleaseLint, ReleaseStage } from '../../api/types.ts';
import { say } from '../../locales/say.ts';
import type { ReleaseSpec } from '../../releases/release-spec.ts';
import { buttonShape } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { classNames } from '../../ui/class-names.ts';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { MoveItems } from '../../ui/move-items.tsx';
import { useSortableItem } from '../../ui/sortable-list.tsx';
import { GateRows } from './gates/gate-rows.tsx';
import { problemsAt } from './problem-words.ts';
import type { StageColumn } from './stage-columns.tsx';

/** Of a release. */
export const maxStages = 50;

/** What someone does to a stage; `insert`: another one before it. */
export type StageAct =
  | { readonly kind: 'change'; readonly part: Partial<ReleaseStage> }
  | { readonly kind: 'move'; readonly to: number }
  | { readonly kind: 'insert' | 'remove' };

interface StageRowProps {
  /** Its name among those that are dragged. */
  id: string;
  project: string;
  draft: ReleaseSpec;
  stage: ReleaseStage;
  /** Its index. */
  at: number;
  columns: readonly StageColumn[];
  errors: FormErrors;
  lint: ReleaseLint | undefined;
  onAct: (act: StageAct) => void;
}

/** One stage as a line of a table; on a narrow screen each box has its name above it. Gates and findings stand below. */
export function StageRow({ project, draft, stage, at, columns, errors, lint, id, onAct }: StageRowProps) {
  const { ref, style, isDragging, handle } = useSortableItem(id, t`Move stage ${at + 1}`);
  const onChange = (part: Partial<ReleaseStage>) => onAct({ kind: 'change', part });
  const { gates = [], blind = false } = stage;
  const place = t`Stage ${at + 1}`;
  const seen = lint?.stages.find((one) => one.stage === at)?.gates ?? [];
  // Those of the stage come first; one that is watched may have the same name.
  const own = seen.filter(
    ({ gate }, first) =>
      gates.some(({ name }) => name === gate) && seen.findIndex((other) => other.gate === gate) === first,
  );
  const sees = new Map(own.map(({ gate, sentence }) => [gate, sentence]));
  const watched = seen.filter((one) => !own.includes(one));
  const problems = problemsAt(errors, `stages[${at}]`, '.gates');
  const noReturn = lint?.pointsOfNoReturn.find((point) => point.stage === at)?.reason;
  const isTooWeak =
    blind || lint?.problems.some(({ path, message }) => path === `stages[${at}]` && /\bblind\b/.test(message));
  return (
    <li
      ref={ref}
      style={style}
      className={classNames(
        'flex flex-col gap-1.5 border-line border-b bg-surface px-4 py-2.5',
        isDragging && 'relative z-2 shadow-popup',
      )}
    >
      <div className="flex flex-wrap items-end gap-3 lg:flex-nowrap lg:items-center">
        <span className="-ms-2 flex w-16 shrink-0 items-center gap-1 font-semibold tabular-nums max-lg:w-full">
          {handle}
          <span className="lg:sr-only">{place}</span>
          <span aria-hidden className="max-lg:hidden">
            {at + 1}
          </span>
        </span>
        {columns.map(({ name, width, cell }) => (
          <Cell key={say(name)} name={say(name)} width={width}>
            {cell(stage, at, onChange)}
          </Cell>
        ))}
        <StageMenu at={at} count={draft.stages.length} onAct={onAct} />
      </div>
      <div className="flex flex-col gap-1.5 text-xs lg:ps-17">
        {problems.map((problem) => (
          <p key={problem} role="alert" className="break-words text-danger-ink">
            {problem}
          </p>
        ))}
        {noReturn !== undefined && (
          <p className="flex items-start gap-1.5 text-danger-ink">
            <Milestone className="mt-0.5 size-3.5 shrink-0" aria-hidden />
            <span className="min-w-0 break-words">
              <Trans>There is no way back from here on: {noReturn}</Trans>
            </span>
          </p>
        )}
        <GateRows
          {...{ project, ground: draft, gates, place, errors, sees }}
          path={`stages[${at}].gates`}
          onChange={(next) => onChange({ gates: next.length === 0 ? undefined : next })}
        />
        {watched.map(({ gate, sentence }) => (
          <p key={gate} className="break-words text-ink-3 tabular-nums">
            <Trans>
              {gate}, watched: {sentence}
            </Trans>
          </p>
        ))}
        {isTooWeak && (
          <div className="flex items-center gap-2 text-ink-2">
            <Trans>
              <Checkbox
                label={t`Let stage ${at + 1} be blind`}
                checked={blind}
                onChange={(isBlind) => onChange({ blind: isBlind || undefined })}
              />
              Its gates see too little, and that is accepted.
            </Trans>
          </div>
        )}
      </div>
    </li>
  );
}

function StageMenu({ at, count, onAct }: { at: number; count: number; onAct: (act: StageAct) => void }) {
  return (
    <Menu
      label={t`More for stage ${at + 1}`}
      triggerClassName={`${buttonShape} ms-auto w-8 shrink-0 px-0 text-ink-2 hover:bg-hover hover:text-ink pointer-coarse:w-10`}
      trigger={<Ellipsis aria-hidden />}
    >
      {count < maxStages && (
        <MenuItem onSelect={() => onAct({ kind: 'insert' })}>
          <Trans>
            <Plus aria-hidden />
            Insert a stage before
          </Trans>
        </MenuItem>
      )}
      <MoveItems at={at} count={count} onMove={(to) => onAct({ kind: 'move', to })} />
      {count > 1 && (
        <MenuItem danger onSelect={() => onAct({ kind: 'remove' })}>
          <Trans>
            <Trash2 aria-hidden />
            Remove
          </Trans>
        </MenuItem>
      )}
    </Menu>
  );
}

function Cell({ name, width, children }: { name: string; width: string; children: ReactNode }) {
  return (
    <span className={`flex flex-col gap-1 ${width}`}>
      <span aria-hidden className="text-2xs text-ink-3 lg:hidden">
        {name}
      </span>
      {children}
    </span>
  );
}
