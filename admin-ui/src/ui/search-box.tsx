import { t } from '@lingui/core/macro';
import { Search, X } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { inputShape } from './field.tsx';
import { useHotkey } from './hotkey.ts';
import { KeyCap } from './key-cap.tsx';

/** Long enough to swallow what is put in at once, such as a word from a phone's keyboard, and to show the letter first. */
const settleMs = 5;

interface SearchBoxProps {
  value: string;
  /** Told when typing has settled. */
  onChange: (value: string) => void;
  label: string;
}

/** A search field. `/` focuses it; Esc empties it, then leaves it. */
export function SearchBox({ value, onChange, label }: SearchBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  const told = useRef(value);
  // What was told and has not come back as the value: an address follows typing only when the page is drawn anew.
  const awaited = useRef<string[]>([]);
  const [text, setText] = useState(value);
  useHotkey('/', () => input.current?.select());

  // The value changed from outside (the browser's back button): show it.
  useEffect(() => {
    const at = awaited.current.indexOf(value);
    awaited.current = at === -1 ? [] : awaited.current.slice(at + 1);
    if (at !== -1 || value === told.current) return;
    told.current = value;
    setText(value);
  }, [value]);
  const tell = useEffectEvent(() => {
    awaited.current = value === told.current ? [text] : [...awaited.current, text];
    told.current = text;
    onChange(text);
  });
  useEffect(() => {
    if (text === told.current) return;
    const timer = setTimeout(tell, settleMs);
    return () => clearTimeout(timer);
  }, [text]);

  return (
    <div className="relative min-w-0 flex-1">
      <Search
        className="pointer-events-none absolute top-1/2 start-2.5 size-3.75 -translate-y-1/2 text-ink-3"
        aria-hidden
      />
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          if (text === '') event.currentTarget.blur();
          else setText('');
          event.preventDefault();
        }}
        autoComplete="off"
        spellCheck={false}
        className={`${inputShape} h-8 pe-9 ps-8 pointer-coarse:h-10 [&::-webkit-search-cancel-button]:hidden`}
      />
      <div className="absolute inset-y-0 end-1.5 grid place-items-center">
        {text === '' ? (
          <KeyCap>/</KeyCap>
        ) : (
          <button
            type="button"
            aria-label={t`Clear search`}
            onClick={() => {
              setText('');
              input.current?.focus();
            }}
            className="grid size-6 place-items-center rounded-xs text-ink-3 hover:bg-hover hover:text-ink"
          >
            <X className="size-3.5" aria-hidden />
          </button>
        )}
      </div>
    </div>
  );
}
