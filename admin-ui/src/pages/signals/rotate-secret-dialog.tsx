import { msg, t } from '@lingui/core/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { rotateSourceSecret, sourcesQuery } from '../../api/signals.ts';
import type { SignalSecret, SignalSource } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Select } from '../../ui/select.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { timeOf } from '../schedules/schedule-words.ts';
import { givesSecret } from './source-draft.ts';
import { SourceSecret } from './source-secret.tsx';

/** In hours, as the server counts. */
const overlaps = [
  { value: '1', label: msg`An hour` },
  { value: '24', label: msg`A day` },
  { value: '168', label: msg`A week` },
  { value: '0', label: msg`Not at all: it has leaked` },
] as const;

interface RotateSecretDialogProps {
  project: string;
  source: SignalSource;
  onClose: () => void;
}

/** Gives a source a new secret, shown once, and says how long the one before still counts. Shown for as long as it is rendered. */
export function RotateSecretDialog({ project, source, onClose }: RotateSecretDialogProps) {
  const { key, name, vendor } = source;
  const client = useQueryClient();
  const [rotated, setRotated] = useState<SignalSecret>();
  const submit = async (body: { secret?: string; overlapHours: number }) => {
    const answer = await rotateSourceSecret(key, body);
    void client.invalidateQueries({ queryKey: sourcesQuery(project).queryKey });
    if (answer.secret !== null) return setRotated(answer);
    const title = t`${name} is believed by the secret that you entered`;
    toastDone({ title, ...(source.hasSecret && { text: untilWords(answer) }) });
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={source.hasSecret ? t`A new secret for ${name}` : t`The secret of ${name}`}
      description={
        rotated
          ? t`Copy the secret now: it cannot be shown again.`
          : t`What ${vendor} sends is believed by its secret alone.`
      }
    >
      {rotated ? (
        <SourceSecret vendor={vendor} secret={rotated.secret} steps={rotated.setUp} onClose={onClose}>
          <p>{untilWords(rotated)}</p>
        </SourceSecret>
      ) : (
        <RotateForm source={source} submit={submit} onCancel={onClose} />
      )}
    </Dialog>
  );
}

interface RotateFormProps {
  source: SignalSource;
  submit: (body: { secret?: string; overlapHours: number }) => Promise<void>;
  onCancel: () => void;
}

function RotateForm({ source: { vendor, hasSecret }, submit, onCancel }: RotateFormProps) {
  const isGiven = givesSecret(vendor);
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: { secret: '', overlap: '24' as (typeof overlaps)[number]['value'] },
    check: ({ secret, overlap }) => {
      if (isGiven && secret.trim() === '')
        return { ok: false, errors: { secret: t`Enter the one that ${vendor} shows.` } };
      return { ok: true, ready: { overlapHours: Number(overlap), ...(isGiven && { secret: secret.trim() }) } };
    },
    submit,
    explain: (error) => fieldErrors(asApiError(error)),
  });
  const hasLeaked = hasSecret && values.overlap === '0';
  return (
    <form onSubmit={onSubmit} noValidate aria-label={t`New secret`}>
      <div className="flex flex-col gap-4 px-5 py-4">
        {errors[''] && <Notice title={errors['']} />}
        {isGiven && (
          <Field label={t`Secret`} hint={t`The one that the vendor shows.`} error={errors.secret}>
            <TextInput
              mono
              autoFocus
              autoComplete="off"
              value={values.secret}
              onChange={(secret) => change({ secret })}
            />
          </Field>
        )}
        {hasSecret && (
          <Field label={t`The one before still counts for`} error={errors.overlapHours}>
            <Select value={values.overlap} options={overlaps} onChange={(overlap) => change({ overlap })} />
          </Field>
        )}
        {hasSecret && (
          <p className="text-ink-2 text-xs">
            {hasLeaked
              ? t`From now on what ${vendor} sends is refused, until it has the new one.`
              : t`Both are believed meanwhile: give the new one to ${vendor} in that time.`}
          </p>
        )}
      </div>
      <ActOrCancel onCancel={onCancel} look={hasLeaked ? 'danger' : 'primary'} busy={busy}>
        {isGiven ? t`Save the secret` : t`Make a new secret`}
      </ActOrCancel>
    </form>
  );
}

function untilWords({ previousUntil }: SignalSecret): string {
  if (previousUntil === null) return t`No earlier secret counts any more.`;
  return t`The one before counts until ${timeOf({ at: previousUntil })}.`;
}
