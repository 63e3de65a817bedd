import { Checkbox as Base } from '@base-ui/react/checkbox';
import { Check, Minus } from 'lucide-react';

interface CheckboxProps {
  checked: boolean;
  /** Some of what it stands for is checked. */
  mixed?: boolean;
  onChange: (checked: boolean) => void;
  /** The accessible name: what is chosen. */
  label: string;
}

/** The target is larger than the box: 28 px. */
export function Checkbox({ checked, mixed = false, onChange, label }: CheckboxProps) {
  return (
    <Base.Root
      checked={checked}
      indeterminate={mixed}
      onCheckedChange={onChange}
      aria-label={label}
      className="group/check -m-1.5 grid shrink-0 cursor-pointer place-items-center rounded-sm p-1.5"
    >
      <span className="grid size-4 place-items-center rounded-xs border border-edge-strong bg-surface text-on-accent group-data-checked/check:border-accent group-data-checked/check:bg-accent group-data-indeterminate/check:border-accent group-data-indeterminate/check:bg-accent">
        <Base.Indicator>
          {mixed ? (
            <Minus aria-hidden className="size-3" strokeWidth={3} />
          ) : (
            <Check aria-hidden className="size-3" strokeWidth={3} />
          )}
        </Base.Indicator>
      </span>
    </Base.Root>
  );
}
