import { t } from '@lingui/core/macro';
import type { Environment } from '../api/types.ts';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { EnvironmentName } from './environment-name.tsx';

interface EnvironmentSelectProps {
  environments: readonly Environment[];
  /** Key of the chosen one. */
  value: string;
  onChange: (key: string) => void;
  /** Which of several on a page; "Environment" unless given. */
  label?: string;
}

/** More do not stand side by side. */
const inSight = 3;

/** One environment of a project. */
export function EnvironmentSelect({ environments, value, onChange, label = t`Environment` }: EnvironmentSelectProps) {
  if (environments.length > inSight) {
    return (
      <div className="w-48 max-w-full">
        <Select label={label} value={value} options={environments.map(environmentOption)} onChange={onChange} />
      </div>
    );
  }
  return (
    <Segmented
      label={label}
      value={value}
      options={environments.map((environment) => ({
        ...{ value: environment.key, label: <EnvironmentName environment={environment} /> },
      }))}
      onChange={onChange}
    />
  );
}

/** An environment as a choice, which looks as it does wherever it is named. */
export function environmentOption(environment: Environment) {
  return {
    value: environment.key,
    label: environment.name,
    // A block: on a line of text the badge would not stand in the middle.
    look: (
      <span className="flex min-w-0">
        <EnvironmentName environment={environment} />
      </span>
    ),
  };
}
