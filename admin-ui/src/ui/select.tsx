import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { say, type Words } from '../locales/say.ts';
import { classNames } from './class-names.ts';
import { inputShape } from './field.tsx';

interface Option<Value extends string> {
  readonly value: Value;
  readonly label: Words;
  /** How it looks, where it is more than its words. */
  readonly look?: ReactNode;
}

interface SelectProps<Value extends string> {
  value: Value;
  options: readonly Option<Value>[];
  onChange: (value: Value) => void;
  /** Needed outside a Field. */
  label?: string;
  mono?: boolean;
}

/** One of a few. */
export function Select<Value extends string>({ value, options, onChange, label, mono = false }: SelectProps<Value>) {
  const items = options.map((option) => ({ ...option, label: say(option.label) }));
  return (
    <Base.Root value={value} onValueChange={(next) => next !== null && onChange(next)} items={items}>
      <Base.Trigger
        aria-label={label}
        className={classNames(
          inputShape,
          'flex h-8 select-none items-center justify-between gap-2 pe-2 text-start pointer-coarse:h-10',
          mono && 'font-mono',
        )}
      >
        <span className="truncate">
          <Base.Value>{options.find((option) => option.value === value)?.look}</Base.Value>
        </span>
        <Base.Icon className="text-ink-3">
          <ChevronsUpDown className="size-3.5" aria-hidden />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-10 outline-none">
          <Base.Popup className="popup-motion max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto rounded-md bg-raised p-1 shadow-popup">
            {items.map((option) => (
              <Base.Item
                key={option.value}
                value={option.value}
                className="flex cursor-default select-none items-center gap-2 rounded-xs py-1 pe-3 ps-1.5 text-sm outline-none data-highlighted:bg-highlight pointer-coarse:py-2"
              >
                <span className="grid size-4 place-items-center text-link">
                  <Base.ItemIndicator>
                    <Check className="size-3.5" aria-hidden />
                  </Base.ItemIndicator>
                </span>
                <Base.ItemText className={classNames('truncate', mono && 'font-mono')}>
                  {option.look ?? option.label}
                </Base.ItemText>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
