import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { TextInput } from '../ui/field.tsx';
import { formatSeconds, readSeconds } from './stage-duration.ts';

interface DurationInputProps {
  /** Undefined: none, which `none` names. */
  value: number | undefined;
  onChange: (seconds: number | undefined) => void;
  label: string;
  /** In seconds; what is out of them is brought within. */
  min?: number;
  max: number;
  /** What an empty box means: "never". Without it an emptied box changes nothing. */
  none?: string;
}

/** A planned stretch of time, as people write it: `10 min`, `1 h 30 min`. What cannot be read is put back on leaving. */
export function DurationInput({ value, onChange, label, min = 0, max, none }: DurationInputProps) {
  const [typed, setTyped] = useState<string>();
  const seconds = typed === undefined ? value : readSeconds(typed);
  const isEmpty = none !== undefined && typed?.trim() === '';
  const tell = (text: string) => {
    setTyped(text);
    const read = readSeconds(text);
    if (read !== undefined) onChange(Math.min(max, Math.max(min, read)));
    else if (none !== undefined && text.trim() === '') onChange(undefined);
  };
  return (
    <TextInput
      aria-label={label}
      aria-invalid={(typed !== undefined && seconds === undefined && !isEmpty) || undefined}
      title={t`Such as 90 s, 10 min, 1 h 30 min, 2 d`}
      placeholder={none}
      value={typed ?? (value === undefined ? '' : formatSeconds(value))}
      onChange={tell}
      onBlur={() => setTyped(undefined)}
      autoComplete="off"
      spellCheck={false}
      className="tabular-nums"
    />
  );
}
