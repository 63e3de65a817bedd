import { t } from '@lingui/core/macro';
import { type ReactNode, useState } from 'react';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { Field, TextInput } from './field.tsx';

interface ReasonDialogProps {
  title: string;
  /** What will happen, and to whom. */
  children: ReactNode;
  confirmLabel: string;
  look: 'danger' | 'production' | 'primary';
  onClose: () => void;
  onConfirm: (reason: string) => void;
}

/** Asks before something that is felt elsewhere, and why it is done. Shown for as long as it is rendered. */
export function ReasonDialog({ title, children, confirmLabel, look, onClose, onConfirm }: ReasonDialogProps) {
  const [reason, setReason] = useState('');
  const [error, setError] = useState<string>();
  const confirm = () => {
    if (reason.trim() === '') return setError(t`Say why, for those who see it later.`);
    onConfirm(reason.trim());
  };
  return (
    <ConfirmDialog open onClose={onClose} onConfirm={confirm} look={look} title={title} confirmLabel={confirmLabel}>
      {children}
      <Field label={t`Reason`} error={error}>
        <TextInput value={reason} onChange={setReason} maxLength={500} />
      </Field>
    </ConfirmDialog>
  );
}
