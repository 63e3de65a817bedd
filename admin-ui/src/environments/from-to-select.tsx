import { t } from '@lingui/core/macro';
import { ArrowRight } from 'lucide-react';
import type { Environment } from '../api/types.ts';
import { Select } from '../ui/select.tsx';
import { environmentOption } from './environment-select.tsx';

interface FromToSelectProps {
  environments: readonly Environment[];
  from: Environment;
  to: Environment;
  /** Two keys, never the same. */
  onChoose: (from: string, to: string) => void;
}

/** Two environments of a project, one to look from and another one to look at. */
export function FromToSelect({ environments, from, to, onChoose }: FromToSelectProps) {
  const others = (not: Environment) => environments.filter(({ key }) => key !== not.key).map(environmentOption);
  return (
    <div className="flex items-center gap-2">
      <div className="min-w-0 flex-1">
        <Select label={t`From`} value={from.key} options={others(to)} onChange={(next) => onChoose(next, to.key)} />
      </div>
      <ArrowRight className="size-4 shrink-0 text-ink-3" aria-hidden />
      <div className="min-w-0 flex-1">
        <Select label={t`To`} value={to.key} options={others(from)} onChange={(next) => onChoose(from.key, next)} />
      </div>
    </div>
  );
}
