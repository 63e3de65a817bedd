import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Field, inputShape } from '../../../ui/field.tsx';
import { SuggestInput } from '../../../ui/suggest-input.tsx';
import type { KindFieldsProps } from './kind-fields.tsx';
import { Pair } from './settings.tsx';

const week = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** On which days, from when to when, by whose clock. */
export function CalendarFields({ gate, errors, change }: KindFieldsProps<'calendar'>) {
  const { days, from = '', to = '', timeZone = '' } = gate;
  const chosen = new Set<string>(days ?? week);
  const toggle = (day: string, isOn: boolean) => {
    const next = week.filter((other) => (other === day ? isOn : chosen.has(other)));
    if (next.length > 0) change({ days: next.length === week.length ? undefined : next });
  };
  return (
    <>
      <fieldset className="flex flex-wrap gap-x-4 gap-y-2">
        <legend className="mb-1.5 font-medium text-xs">
          <Trans>Days</Trans>
        </legend>
        {week.map((day) => (
          <span key={day} className="flex items-center gap-2 text-xs capitalize">
            <Checkbox label={day} checked={chosen.has(day)} onChange={(isOn) => toggle(day, isOn)} />
            {day.slice(0, 3)}
          </span>
        ))}
      </fieldset>
      <Pair>
        <TimeOfDay label={t`From`} value={from} error={errors.from} onChange={(next) => change({ from: next })} />
        <TimeOfDay label={t`To`} value={to} error={errors.to} onChange={(next) => change({ to: next })} />
      </Pair>
      <Field label={t`Time zone`} hint={t`UTC unless given.`} error={errors.timeZone}>
        <SuggestInput
          label={t`Time zone`}
          value={timeZone}
          suggestions={Intl.supportedValuesOf('timeZone').map((value) => ({ value }))}
          onChange={(next) => change({ timeZone: next === '' ? undefined : next })}
          placeholder={t`UTC`}
        />
      </Field>
    </>
  );
}

interface TimeOfDayProps {
  label: string;
  /** `09:00`; empty: as the day begins, or ends. */
  value: string;
  error: string | undefined;
  onChange: (time: string | undefined) => void;
}

function TimeOfDay({ label, value, error, onChange }: TimeOfDayProps) {
  return (
    <Field label={label} error={error}>
      <input
        type="time"
        aria-label={label}
        value={value}
        onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
        className={`${inputShape} h-8 tabular-nums pointer-coarse:h-10`}
      />
    </Field>
  );
}
