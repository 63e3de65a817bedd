import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Check } from 'lucide-react';

/** Told apart in both themes; none is the amber of production. Small letters, as they are stored. */
const colors = [
  { value: '#3b6fd4', name: msg`Blue` },
  { value: '#0f8f8c', name: msg`Teal` },
  { value: '#2e9e5b', name: msg`Green` },
  { value: '#7c5cd6', name: msg`Violet` },
  { value: '#c2478f', name: msg`Pink` },
  { value: '#c05621', name: msg`Rust` },
  { value: '#6b7280', name: msg`Grey` },
] as const;

interface ColorChoiceProps {
  label: string;
  /** `#3b6fd4`; null: none. */
  value: string | null;
  onChange: (value: string | null) => void;
}

/** One of a few colours, the one it has already, or none. */
export function ColorChoice({ label, value, onChange }: ColorChoiceProps) {
  const isOther = value !== null && !colors.some((color) => color.value === value);
  const offered = [
    ...colors.map(({ value, name }) => ({ value: value as string | null, name: t(name) })),
    ...(isOther ? [{ value, name: t`Its own, ${value}` }] : []),
    { value: null, name: t`None` },
  ];
  return (
    <fieldset className="flex flex-wrap gap-1.5">
      <legend className="mb-1.5 font-medium text-xs">{label}</legend>
      {offered.map((color) => (
        <label key={color.name} title={color.name} className="relative cursor-pointer">
          <input
            type="radio"
            name={label}
            aria-label={color.name}
            checked={color.value === value}
            onChange={() => onChange(color.value)}
            className="peer absolute inset-0 cursor-pointer opacity-0"
          />
          <span
            aria-hidden
            style={{ background: color.value ?? undefined }}
            className="grid size-7 place-items-center rounded-sm border border-edge text-[oklch(1_0_0)] peer-checked:outline-2 peer-checked:outline-link peer-checked:outline-offset-1 peer-focus-visible:outline-3 peer-focus-visible:outline-link pointer-coarse:size-10"
          >
            {color.value === null ? (
              <span className="text-2xs text-ink-3">
                <Trans>none</Trans>
              </span>
            ) : (
              color.value === value && <Check className="size-4" />
            )}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
