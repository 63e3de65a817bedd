import { ArrowRight, X } from 'lucide-react';
import { FlagPicker } from '../../flags/flag-picker.tsx';
import { IconButton } from '../../ui/button.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { type DraftFlag, draftFlag, obstacleOf } from './release-draft.ts';

interface FlagFieldsProps {
  project: string;
  environment: string;
  flags: readonly DraftFlag[];
  errors: FormErrors;
  onChange: (flags: readonly DraftFlag[]) => void;
}

/** Which flags are released, and from what to what. */
export function FlagFields({ project, environment, flags, errors, onChange }: FlagFieldsProps) {
  return (
    <Panel title="Flags" note="They go from baseline to candidate together.">
      {flags.length > 0 && (
        <ul aria-label="Flags of the release">
          {flags.map((draft, at) => (
            <FlagRow
              key={draft.flag.key}
              draft={draft}
              environment={environment}
              error={errors[`flags[${at}]`]}
              onChange={(next) => onChange(flags.map((one) => (one === draft ? next : one)))}
              onRemove={() => onChange(flags.filter((one) => one !== draft))}
            />
          ))}
        </ul>
      )}
      <div className="flex flex-col gap-1.5 px-4 py-3">
        {errors.flags && (
          <p role="alert" className="text-danger-ink text-xs">
            {errors.flags}
          </p>
        )}
        <FlagPicker
          project={project}
          verb="Add"
          without={flags.map(({ flag }) => flag.key)}
          onPick={(flag) => onChange([...flags, draftFlag(flag, environment)])}
        />
      </div>
    </Panel>
  );
}

interface FlagRowProps {
  draft: DraftFlag;
  environment: string;
  error: string | undefined;
  onChange: (draft: DraftFlag) => void;
  onRemove: () => void;
}

function FlagRow({ draft, environment, error, onChange, onRemove }: FlagRowProps) {
  const { key, variants, environments } = draft.flag;
  const options = variants.map(({ name }) => ({ value: name, label: name }));
  const rules = environments[environment]?.rules ?? [];
  const obstacle = obstacleOf(draft, environment);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-4 py-2.5">
      <span className="min-w-0 flex-1 basis-44 truncate font-mono font-medium" title={key}>
        {key}
      </span>
      <div className="flex min-w-0 items-center gap-2 max-sm:order-1 max-sm:w-full">
        <div className="w-32 max-sm:flex-1">
          <Select
            mono
            label={`Baseline of ${key}`}
            value={draft.baseline}
            options={options}
            onChange={(baseline) => onChange({ ...draft, baseline })}
          />
        </div>
        <ArrowRight className="size-3.5 shrink-0 text-ink-3" aria-label="to" />
        <div className="w-32 max-sm:flex-1">
          <Select
            mono
            label={`Candidate of ${key}`}
            value={draft.candidate}
            options={options}
            onChange={(candidate) => onChange({ ...draft, candidate })}
          />
        </div>
      </div>
      {rules.length > 0 && (
        <div className="w-44 max-sm:order-1 max-sm:w-full">
          <Select
            label={`Who takes part of ${key}`}
            value={draft.rule}
            options={[
              { value: '', label: 'Default rule' },
              ...rules.map(({ id, name }, at) => ({ value: id, label: name ?? `Rule ${at + 1}` })),
            ]}
            onChange={(rule) => onChange({ ...draft, rule })}
          />
        </div>
      )}
      <IconButton label={`Remove ${key}`} onClick={onRemove}>
        <X aria-hidden />
      </IconButton>
      {(error ?? obstacle) && (
        <p role={error ? 'alert' : undefined} className="w-full text-danger-ink text-xs max-sm:order-1">
          {error ?? obstacle}
        </p>
      )}
    </li>
  );
}
