import { Milestone, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ReleaseLint, ReleaseStage } from '../../api/types.ts';
import type { ReleaseSpec } from '../../releases/release-spec.ts';
import { IconButton } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { GateRows } from './gates/gate-rows.tsx';
import { problemsAt } from './problem-words.ts';
import type { StageColumn } from './stage-columns.tsx';

interface StageRowProps {
  project: string;
  draft: ReleaseSpec;
  stage: ReleaseStage;
  /** Its index. */
  at: number;
  columns: readonly StageColumn[];
  errors: FormErrors;
  lint: ReleaseLint | undefined;
  onChange: (part: Partial<ReleaseStage>) => void;
  onRemove: () => void;
}

/** One stage as a line of a table; on a narrow screen each box has its name above it. Gates and findings stand below. */
export function StageRow({ project, draft, stage, at, columns, errors, lint, onChange, onRemove }: StageRowProps) {
  const { gates = [], blind = false } = stage;
  const place = `Stage ${at + 1}`;
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
    <li className="flex flex-col gap-1.5 border-line border-b px-4 py-2.5">
      <div className="flex flex-wrap items-end gap-3 lg:flex-nowrap lg:items-center">
        <span className="w-5 shrink-0 font-semibold tabular-nums max-lg:w-full">
          <span className="lg:sr-only">Stage </span>
          {at + 1}
        </span>
        {columns.map(({ name, width, cell }) => (
          <Cell key={name} name={name} width={width}>
            {cell(stage, at, onChange)}
          </Cell>
        ))}
        <IconButton
          label={`Remove stage ${at + 1}`}
          disabled={draft.stages.length === 1}
          onClick={onRemove}
          className="ms-auto"
        >
          <X aria-hidden />
        </IconButton>
      </div>
      <div className="flex flex-col gap-1.5 text-xs lg:ps-8">
        {problems.map((problem) => (
          <p key={problem} role="alert" className="break-words text-danger-ink">
            {problem}
          </p>
        ))}
        {noReturn !== undefined && (
          <p className="flex items-start gap-1.5 text-danger-ink">
            <Milestone className="mt-0.5 size-3.5 shrink-0" aria-hidden />
            <span className="min-w-0 break-words">There is no way back from here on: {noReturn}</span>
          </p>
        )}
        <GateRows
          {...{ project, ground: draft, gates, place, errors, sees }}
          path={`stages[${at}].gates`}
          onChange={(next) => onChange({ gates: next.length === 0 ? undefined : next })}
        />
        {watched.map(({ gate, sentence }) => (
          <p key={gate} className="break-words text-ink-3 tabular-nums">
            {gate}, watched: {sentence}
          </p>
        ))}
        {isTooWeak && (
          <div className="flex items-center gap-2 text-ink-2">
            <Checkbox
              label={`Let stage ${at + 1} be blind`}
              checked={blind}
              onChange={(isBlind) => onChange({ blind: isBlind || undefined })}
            />
            Its gates see too little, and that is accepted.
          </div>
        )}
      </div>
    </li>
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
