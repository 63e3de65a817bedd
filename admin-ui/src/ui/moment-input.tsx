import { inputShape } from './field.tsx';

interface MomentInputProps {
  /** ISO 8601 with a zone; undefined: none. */
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  label: string;
}

/** A date and time in UTC, so that whoever reads it elsewhere reads the same. */
export function MomentInput({ value, onChange, label }: MomentInputProps) {
  return (
    <span className="w-52 shrink-0">
      <input
        type="datetime-local"
        step={60}
        aria-label={label}
        value={value === undefined ? '' : toLocal(value)}
        onChange={({ target }) => onChange(target.value === '' ? undefined : `${target.value.slice(0, 16)}:00Z`)}
        className={`${inputShape} h-8 tabular-nums pointer-coarse:h-10`}
      />
    </span>
  );
}

/** What the input takes: `2030-01-31T12:00`. */
function toLocal(value: string): string {
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString().slice(0, 16);
}
