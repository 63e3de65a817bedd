import { t } from '@lingui/core/macro';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight, X } from 'lucide-react';
import { flagQuery } from '../../api/flags.ts';
import { FlagPicker } from '../../flags/flag-picker.tsx';
import type { ReleasedFlag, ReleaseSpec } from '../../releases/release-spec.ts';
import { IconButton } from '../../ui/button.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { problemsAt } from './problem-words.ts';
import { isOfFlags, withFlag, withoutFlag } from './release-draft.ts';
import { obstacleOf, releaseFlag } from './released-flag.ts';

interface FlagFieldsProps {
  project: string;
  draft: ReleaseSpec;
  errors: FormErrors;
  onChange: (draft: ReleaseSpec) => void;
}

/** Which flags are released, and from what to what. */
export function FlagFields({ project, draft, errors, onChange }: FlagFieldsProps) {
  const { environment, flags, strategy } = draft;
  return (
    <Panel
      title={t`Flags`}
      note={isOfFlags(strategy) ? t`They go from baseline to candidate together.` : t`Those that go with it, if any.`}
    >
      {flags.length > 0 && (
        <ul aria-label={t`Flags of the release`}>
          {flags.map((flag, at) => (
            <FlagRow
              key={flag.flag}
              {...{ project, environment, released: flag }}
              problems={problemsAt(errors, `flags[${at}]`)}
              onChange={(next) => onChange({ ...draft, flags: flags.map((one) => (one === flag ? next : one)) })}
              onRemove={() => onChange(withoutFlag(draft, at))}
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
          verb={t`Add`}
          without={flags.map(({ flag }) => flag)}
          onPick={(flag) => onChange(withFlag(draft, releaseFlag(flag, environment)))}
        />
      </div>
    </Panel>
  );
}

interface FlagRowProps {
  project: string;
  environment: string;
  released: ReleasedFlag;
  problems: readonly string[];
  onChange: (flag: ReleasedFlag) => void;
  onRemove: () => void;
}

function FlagRow({ project, environment, released, problems, onChange, onRemove }: FlagRowProps) {
  const { flag: key, baseline, candidate, rule } = released;
  // While it is on its way, and where it is gone, the variants that were chosen are those that are known.
  const { data: flag } = useQuery(flagQuery(project, key));
  const names = flag ? flag.variants.map(({ name }) => name) : [...new Set([baseline, candidate])];
  const options = names.map((name) => ({ value: name, label: name }));
  const rules = flag?.environments[environment]?.rules ?? [];
  const obstacle = flag && obstacleOf(flag, released, environment);
  const said = problems.length === 0 && obstacle !== undefined ? [obstacle] : problems;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-4 py-2.5">
      <span className="min-w-0 flex-1 basis-44 truncate font-mono font-medium" title={key}>
        {key}
      </span>
      <div className="flex min-w-0 items-center gap-2 max-sm:order-1 max-sm:w-full">
        <div className="w-32 max-sm:flex-1">
          <Select
            mono
            label={t`Baseline of ${key}`}
            value={baseline}
            options={options}
            onChange={(next) => onChange({ ...released, baseline: next })}
          />
        </div>
        <ArrowRight className="size-3.5 shrink-0 text-ink-3" aria-label={t`to`} />
        <div className="w-32 max-sm:flex-1">
          <Select
            mono
            label={t`Candidate of ${key}`}
            value={candidate}
            options={options}
            onChange={(next) => onChange({ ...released, candidate: next })}
          />
        </div>
      </div>
      {rules.length > 0 && (
        <div className="w-44 max-sm:order-1 max-sm:w-full">
          <Select
            label={t`Who takes part of ${key}`}
            value={rule ?? ''}
            options={[
              { value: '', label: t`Default rule` },
              ...rules.map(({ id, name }, at) => ({ value: id, label: name ?? t`Rule ${at + 1}` })),
            ]}
            onChange={(next) => onChange({ ...released, rule: next === '' ? undefined : next })}
          />
        </div>
      )}
      <IconButton label={t`Remove ${key}`} onClick={onRemove}>
        <X aria-hidden />
      </IconButton>
      {said.map((problem) => (
        <p
          key={problem}
          role={problem === obstacle ? undefined : 'alert'}
          className="w-full text-danger-ink text-xs max-sm:order-1"
        >
          {problem}
        </p>
      ))}
    </li>
  );
}
