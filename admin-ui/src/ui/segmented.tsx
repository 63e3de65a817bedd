import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import { isValidElement, type ReactElement } from 'react';
import { say, type Words } from '../locales/say.ts';

interface SegmentedProps<Value extends string> {
  value: Value;
  options: readonly { readonly value: Value; readonly label: Words | ReactElement; readonly name?: Words }[];
  onChange: (value: Value) => void;
  label: string;
}

/** One of two or three, all of them in sight. */
export function Segmented<Value extends string>({ value, options, onChange, label }: SegmentedProps<Value>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={(next: readonly Value[]) => {
        const chosen = next[0];
        if (chosen !== undefined) onChange(chosen);
      }}
      className="inline-flex max-w-full shrink-0 flex-wrap rounded-sm border border-line bg-sunken p-0.5"
    >
      {options.map(({ name = '', ...option }) => (
        <Toggle
          key={option.value}
          value={option.value}
          aria-label={say(name) || undefined}
          title={say(name) || undefined}
          className="flex h-6 items-center gap-1.5 rounded-xs px-2 font-medium text-ink-3 text-xs transition-colors hover:text-ink data-pressed:bg-raised data-pressed:text-ink data-pressed:shadow-control pointer-coarse:h-9 pointer-coarse:px-3 [&_svg]:size-3.5"
        >
          {isValidElement(option.label) ? option.label : say(option.label)}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
