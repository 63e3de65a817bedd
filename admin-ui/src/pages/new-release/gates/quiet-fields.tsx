import { t } from '@lingui/core/macro';
import { DurationInput } from '../../../releases/duration-input.tsx';
import { Field } from '../../../ui/field.tsx';
import type { GateOf } from './gate-kinds.ts';
import { NumberSetting, Pair } from './settings.tsx';

const usualRequests = 100;
const usualQuietSeconds = 60;

interface QuietFieldsProps {
  gate: Pick<GateOf<'sequential'>, 'minRequests' | 'quietSeconds'>;
  change: (part: { minRequests?: number | undefined; quietSeconds?: number | undefined }) => void;
}

/** How much must have been seen, and when silence means that nobody knows. */
export function QuietFields({ gate: { minRequests, quietSeconds = usualQuietSeconds }, change }: QuietFieldsProps) {
  return (
    <Pair>
      <NumberSetting
        label={t`Seen of the candidate at least`}
        value={minRequests}
        fallback={usualRequests}
        onChange={(next) => change({ minRequests: next })}
        {...{ min: 1, max: 1_000_000_000, hint: t`Before it can pass.` }}
      />
      <Field label={t`Cannot say without traffic for`} hint={t`A candidate that is dead has no errors.`}>
        <DurationInput
          label={t`Cannot say without traffic for`}
          value={quietSeconds}
          onChange={(next) => change({ quietSeconds: next === usualQuietSeconds ? undefined : next })}
          {...{ min: 1, max: 86_400 }}
        />
      </Field>
    </Pair>
  );
}
