import { Field as Base } from '@base-ui/react/field';
import { Trans } from '@lingui/react/macro';
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** How every box looks that takes text or a choice. */
export const inputShape =
  'w-full min-w-0 rounded-sm border border-edge bg-surface px-2.5 text-ink text-sm shadow-control transition-colors placeholder:text-ink-3 hover:border-edge-strong focus:border-link focus:outline-2 focus:outline-link/30 focus:-outline-offset-1 aria-invalid:border-danger data-invalid:border-danger disabled:opacity-60';

interface FieldProps {
  label: string;
  /** Says what to enter before anything went wrong. */
  hint?: ReactNode;
  /** Says what is wrong and what would be right. */
  error?: string | undefined;
  optional?: boolean;
  children: ReactNode;
}

/** A label, a control, and under it the hint or the error; screen readers hear them together. */
export function Field({ label, hint, error, optional = false, children }: FieldProps) {
  return (
    <Base.Root invalid={error !== undefined} className="flex min-w-0 flex-col gap-1.5">
      <Base.Label className="font-medium text-ink text-xs">
        {label}
        {optional && (
          <span className="ms-1.5 font-normal text-ink-3">
            <Trans>optional</Trans>
          </span>
        )}
      </Base.Label>
      {children}
      {error === undefined ? (
        hint && <Base.Description className="text-ink-3 text-xs">{hint}</Base.Description>
      ) : (
        <Base.Error match className="text-danger-ink text-xs">
          {error}
        </Base.Error>
      )}
    </Base.Root>
  );
}

interface TextInputProps extends Omit<ComponentProps<typeof Base.Control>, 'onChange' | 'value'> {
  value: string;
  onChange: (value: string) => void;
  /** Keys, numbers and code are set in the fixed-width face. */
  mono?: boolean;
}

/** One line of text. Inside a Field it takes the field's label. */
export function TextInput({ onChange, mono = false, className, ...rest }: TextInputProps) {
  return (
    <Base.Control
      onValueChange={onChange}
      className={classNames(
        inputShape,
        'h-8 pointer-coarse:h-10',
        mono && 'font-mono',
        typeof className === 'string' && className,
      )}
      {...rest}
    />
  );
}

interface FileInputProps {
  /** Types and endings that are offered: `text/plain,.txt`. */
  accept: string;
  onChoose: (file: File | undefined) => void;
  disabled?: boolean;
}

/** A file of the reader's device. */
export function FileInput({ accept, onChoose, disabled = false }: FileInputProps) {
  return (
    <Base.Control
      type="file"
      accept={accept}
      disabled={disabled}
      onChange={(event) => onChoose(event.currentTarget.files?.[0])}
      className={classNames(
        inputShape,
        'h-8 py-1 file:me-3 file:rounded-xs file:bg-sunken file:px-2 file:text-ink pointer-coarse:h-10 pointer-coarse:py-2',
      )}
    />
  );
}

interface TextAreaProps {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  mono?: boolean;
  label?: string;
  invalid?: boolean;
  placeholder?: string;
}

/** Several lines of text. */
export function TextArea({ value, onChange, rows = 2, mono = false, label, invalid, placeholder }: TextAreaProps) {
  return (
    <Base.Control
      render={<textarea rows={rows} />}
      value={value}
      placeholder={placeholder}
      aria-label={label}
      aria-invalid={invalid || undefined}
      spellCheck={!mono}
      onValueChange={onChange}
      className={classNames(inputShape, 'resize-y py-1.5', mono && 'font-mono')}
    />
  );
}
