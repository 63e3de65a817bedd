import { t } from '@lingui/core/macro';
import { type ReactNode, useState } from 'react';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { Field, TextInput } from './field.tsx';

interface TypedConfirmDialogProps {
  title: string;
  /** What will happen, and to whom. */
  children: ReactNode;
  /** What is typed once more: a key, a name. */
  word: string;
  confirmLabel: string;
  onClose: () => void;
  onConfirm: () => void;
}

/** Asks before what cannot be brought back, and has its name typed. Shown for as long as it is rendered. */
export function TypedConfirmDialog({
  title,
  children,
  word,
  confirmLabel,
  onClose,
  onConfirm,
}: TypedConfirmDialogProps) {
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string>();
  const confirm = () => {
    if (typed.trim() !== word) return setError(t`Type ${word} to go on.`);
    onConfirm();
  };
  return (
    <ConfirmDialog open onClose={onClose} onConfirm={confirm} look="danger" title={title} confirmLabel={confirmLabel}>
      {children}
      <Field label={t`Type ${word} to go on`} error={error}>
        <TextInput
          mono
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(text) => {
            setTyped(text);
            setError(undefined);
          }}
        />
      </Field>
    </ConfirmDialog>
  );
}
