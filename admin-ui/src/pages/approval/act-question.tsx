import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { RequestAct } from '../../api/change-requests.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { MomentInput } from '../../ui/moment-input.tsx';
import { actWords } from './offered-acts.ts';

interface ActQuestionProps {
  act: RequestAct | 'schedule';
  title: string;
  isProduction: boolean;
  onClose: () => void;
  /** Told what was asked for: a comment, a reason, or a moment. */
  onConfirm: (said: string) => void;
}

/** Asks before something becomes of a change request. Shown for as long as it is rendered. */
export function ActQuestion({ act, title, isProduction, onClose, onConfirm }: ActQuestionProps) {
  const { label, says, asks, isFelt } = actWords[act];
  const [said, setSaid] = useState('');
  const [error, setError] = useState<string>();
  const confirm = () => {
    if (asks === 'reason' && said.trim() === '') return setError(t`Say why, for those who see it later.`);
    if (asks === 'moment' && !(Date.parse(said) > Date.now())) return setError(t`Choose a time that is still to come.`);
    onConfirm(said.trim());
  };
  const look = isFelt && isProduction ? 'production' : act === 'reject' || act === 'cancel' ? 'danger' : 'primary';
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={confirm}
      look={look}
      title={`${t(label)}: ${title}`}
      confirmLabel={t(label)}
    >
      {says && <p>{t(says)}</p>}
      {(asks === 'comment' || asks === 'reason') && (
        <Field label={asks === 'reason' ? t`Reason` : t`Comment`} optional={asks === 'comment'} error={error}>
          <TextInput value={said} onChange={setSaid} maxLength={1000} />
        </Field>
      )}
      {asks === 'moment' && (
        <div className="flex flex-col gap-1.5">
          <span aria-hidden className="font-medium text-ink text-xs">
            <Trans>At (UTC)</Trans>
          </span>
          <MomentInput label={t`At (UTC)`} value={said || undefined} onChange={(moment) => setSaid(moment ?? '')} />
          {error && (
            <p role="alert" className="text-danger-ink text-xs">
              {error}
            </p>
          )}
        </div>
      )}
    </ConfirmDialog>
  );
}
