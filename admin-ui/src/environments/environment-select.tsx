import type { Environment } from '../api/types.ts';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { EnvironmentName } from './environment-name.tsx';

interface EnvironmentSelectProps {
  environments: readonly Environment[];
  /** Key of the chosen one. */
  value: string;
  onChange: (key: string) => void;
}

/** More do not stand side by side. */
const inSight = 3;

/** One environment of a project. */
export function EnvironmentSelect({ environments, value, onChange }: EnvironmentSelectProps) {
  if (environments.length > inSight) {
    return (
      <div className="w-48">
        <Select
          label="Environment"
          value={value}
          options={environments.map(({ key, name }) => ({ value: key, label: name }))}
          onChange={onChange}
        />
      </div>
    );
  }
  return (
    <Segmented
      label="Environment"
      value={value}
      options={environments.map((environment) => ({
        ...{ value: environment.key, label: <EnvironmentName environment={environment} /> },
      }))}
      onChange={onChange}
    />
  );
}
