import { Autocomplete } from '@base-ui/react/autocomplete';
import { useState } from 'react';
import { classNames } from './class-names.ts';
import { inputShape } from './field.tsx';

/** So many at once; the others come as one types on. */
const shownSuggestions = 50;

export interface Suggestion {
  readonly value: string;
  /** What else tells it apart: its type, its name. */
  readonly note?: string | undefined;
}

interface SuggestInputProps {
  value: string;
  onChange: (value: string) => void;
  suggestions: readonly Suggestion[];
  label: string;
  placeholder?: string | undefined;
  invalid?: boolean;
}

/** A line of text that may be anything, with those words beneath it that are known. */
export function SuggestInput({ value, onChange, suggestions, label, placeholder, invalid }: SuggestInputProps) {
  const [open, setOpen] = useState(false);
  const typed = value.toLowerCase();
  const matching = suggestions
    .filter(({ value: known, note }) => known.toLowerCase().includes(typed) || note?.toLowerCase().includes(typed))
    .slice(0, shownSuggestions);
  return (
    <Autocomplete.Root
      items={suggestions}
      filteredItems={matching}
      value={value}
      onValueChange={onChange}
      itemToStringValue={(item: Suggestion) => item.value}
      openOnInputClick
      open={open && matching.some((item) => item.value !== value)}
      onOpenChange={setOpen}
    >
      <Autocomplete.Input
        aria-label={label}
        aria-invalid={invalid || undefined}
        placeholder={placeholder}
        spellCheck={false}
        className={classNames(inputShape, 'h-8 font-mono pointer-coarse:h-10')}
      />
      <Autocomplete.Portal>
        <Autocomplete.Positioner sideOffset={4} align="start" className="z-10 outline-none">
          <Autocomplete.Popup className="popup-motion max-h-[min(18rem,var(--available-height))] min-w-(--anchor-width) max-w-(--available-width) overflow-y-auto rounded-md bg-raised p-1 shadow-popup">
            <Autocomplete.List>
              {(item: Suggestion) => (
                <Autocomplete.Item
                  key={item.value}
                  value={item}
                  className="flex cursor-default select-none items-baseline gap-3 rounded-xs px-2 py-1 outline-none data-highlighted:bg-highlight pointer-coarse:py-2"
                >
                  <span className="truncate font-mono text-xs">{item.value}</span>
                  {item.note && <span className="ms-auto shrink-0 text-2xs text-ink-2">{item.note}</span>}
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  );
}
