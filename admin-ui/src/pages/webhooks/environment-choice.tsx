import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Environment } from '../../api/types.ts';
import { Checkbox } from '../../ui/checkbox.tsx';

interface EnvironmentChoiceProps {
  environments: readonly Environment[];
  /** Keys; none: all of them, and what is of no environment. */
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** In which environments something must happen to be heard of. */
export function EnvironmentChoice({ environments, chosen, onChange }: EnvironmentChoiceProps) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 font-medium text-xs">
        <Trans>In these environments</Trans>
      </legend>
      <div className="flex flex-wrap gap-x-5 gap-y-2">
        {environments.map(({ key, name }) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is in it, under a component's name
          <label key={key} className="flex w-fit min-w-0 items-center gap-2">
            <Checkbox
              label={t`Only in ${name}`}
              checked={chosen.includes(key)}
              onChange={(isChosen) => onChange(isChosen ? [...chosen, key] : chosen.filter((other) => other !== key))}
            />
            <span aria-hidden className="truncate">
              {name}
            </span>
          </label>
        ))}
      </div>
      {chosen.length === 0 && (
        <p className="text-ink-3 text-xs">
          <Trans>None is chosen: it hears of all of them.</Trans>
        </p>
      )}
    </fieldset>
  );
}
