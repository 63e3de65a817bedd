import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { FormEvent, ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/field.tsx';
import { formatNumber } from '../../ui/format.ts';

interface CommentFormProps {
  label: string;
  /** What the button says. */
  send: string;
  text: string;
  onChange: (text: string) => void;
  busy: boolean;
  onSend: () => void;
  children?: ReactNode;
}

/** The server keeps no longer ones. */
const maxLength = 5_000;

/** A place to write a comment, sent by its button or by Ctrl Enter. */
export function CommentForm({ label, send, text, onChange, busy, onSend, children }: CommentFormProps) {
  const over = text.length - maxLength;
  const isReady = text.trim() !== '' && over <= 0 && !busy;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) onSend();
  };
  return (
    <form
      onSubmit={submit}
      aria-label={label}
      className="flex flex-col gap-2"
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
      }}
    >
      <TextArea label={t`Comment`} placeholder={t`Comment`} value={text} onChange={onChange} invalid={over > 0} />
      <div className="flex items-center justify-end gap-2">
        {over > 0 && (
          <p role="status" className="me-auto text-danger-ink text-xs">
            <Trans>{formatNumber(over)} characters too many</Trans>
          </p>
        )}
        {children}
        <Button type="submit" disabled={!isReady} busy={busy}>
          {send}
        </Button>
      </div>
    </form>
  );
}
