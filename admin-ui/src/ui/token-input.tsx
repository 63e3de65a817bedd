import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { X } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { classNames } from './class-names.ts';
import { readTokens } from './read-tokens.ts';

/** So many are shown; the others are counted, for a list of ten thousand would stop the page. */
const shownTokens = 200;

interface TokenInputProps<Token> {
  tokens: readonly Token[];
  onChange: (tokens: Token[]) => void;
  /** What was typed as a token, or why it is none. */
  parse: (text: string) => { readonly token: Token } | { readonly problem: string };
  /** The token as it is typed. */
  show: (token: Token) => string;
  label: string;
  placeholder?: string | undefined;
}

/** Several values in one box: Enter (or leaving it) adds what was typed, Backspace takes the last back, a pasted line is a value. */
export function TokenInput<Token>({ tokens, onChange, parse, show, label, placeholder }: TokenInputProps<Token>) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const add = (typed: string) => {
    const read = readTokens(typed, tokens, { parse, show });
    setText(read.left);
    setProblem(read.problem);
    if (read.tokens.length !== tokens.length) onChange(read.tokens);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      add(text);
    }
    if (event.key === 'Backspace' && text === '' && tokens.length > 0) onChange(tokens.slice(0, -1));
  };
  return (
    <div className="min-w-0">
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: a larger way into the box, which the keyboard reaches anyway */}
      <div
        onClick={() => input.current?.focus()}
        className={classNames(
          'flex min-h-8 cursor-text flex-wrap items-center gap-1 rounded-sm border bg-surface px-1.5 py-0.75 shadow-control focus-within:border-link focus-within:outline-2 focus-within:outline-link/30 focus-within:-outline-offset-1 hover:border-edge-strong pointer-coarse:min-h-10',
          problem === undefined ? 'border-edge' : 'border-danger',
        )}
      >
        {tokens.slice(0, shownTokens).map((token) => (
          <span
            key={show(token)}
            className="inline-flex min-w-0 max-w-full items-center rounded-xs border border-line bg-sunken ps-1.5 font-mono text-xs"
          >
            <span className="truncate">{show(token)}</span>
            <button
              type="button"
              aria-label={t`Remove ${show(token)} from ${label}`}
              onClick={() => onChange(tokens.filter((other) => other !== token))}
              className="grid size-6 shrink-0 place-items-center rounded-xs text-ink-3 hover:text-ink pointer-coarse:size-8"
            >
              <X className="size-3" aria-hidden />
            </button>
          </span>
        ))}
        {tokens.length > shownTokens && (
          <span className="px-1 text-ink-3 text-xs">
            <Trans>and {tokens.length - shownTokens} more</Trans>
          </span>
        )}
        <input
          ref={input}
          aria-label={label}
          aria-invalid={problem !== undefined || undefined}
          placeholder={tokens.length === 0 ? placeholder : undefined}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setProblem(undefined);
          }}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text');
            if (!/[\r\n]/.test(pasted)) return;
            event.preventDefault();
            add(text + pasted);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => text.trim() !== '' && add(text)}
          spellCheck={false}
          className="h-6 min-w-24 flex-1 bg-transparent px-1 font-mono text-xs outline-none placeholder:text-ink-3"
        />
      </div>
      {problem !== undefined && (
        <p role="alert" className="mt-1 text-danger-ink text-xs">
          {problem}
        </p>
      )}
    </div>
  );
}
