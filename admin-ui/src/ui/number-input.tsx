import { NumberField } from '@base-ui/react/number-field';
import { manners } from '../locales/locale.ts';
import { inputShape } from './field.tsx';

interface NumberInputProps {
  value: number;
  onChange: (value: number) => void;
  label: string;
  min: number;
  max: number;
  step?: number;
  /** At most this many digits after the point are kept. */
  digits?: number;
  unit?: string;
}

/** A number with bounds. Arrow keys step; what is out of bounds is clamped; an emptied box changes nothing. */
export function NumberInput({ value, onChange, label, min, max, step = 1, digits = 0, unit }: NumberInputProps) {
  return (
    <NumberField.Root
      value={value}
      onValueChange={(next) => next !== null && onChange(next)}
      min={min}
      max={max}
      step={step}
      smallStep={10 ** -digits}
      locale={manners()}
      format={{ maximumFractionDigits: digits, useGrouping: false }}
    >
      <NumberField.Group className="relative">
        <NumberField.Input
          aria-label={label}
          className={`${inputShape} h-8 text-end tabular-nums pointer-coarse:h-10`}
          style={unit ? { paddingInlineEnd: `calc(${unit.length}ch + 1.25rem)` } : undefined}
        />
        {unit && (
          <span
            aria-hidden
            className="pointer-events-none absolute inset-y-0 end-2.5 grid place-items-center text-ink-3 text-xs"
          >
            {unit}
          </span>
        )}
      </NumberField.Group>
    </NumberField.Root>
  );
}
