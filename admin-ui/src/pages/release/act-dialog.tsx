import { useState } from 'react';
import type { ReleaseWish } from '../../api/releases.ts';
import type { Environment, Release } from '../../api/types.ts';
import { percentOf, weightOfPercent } from '../../flags/weights.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { NumberInput } from '../../ui/number-input.tsx';
import { actQuestion } from './act-questions.ts';
import type { ReleaseAct } from './offered-acts.ts';

interface ActDialogProps {
  act: ReleaseAct;
  release: Release;
  environment: Environment;
  onClose: () => void;
  onWish: (wish: ReleaseWish) => void;
}

/** Asks before a release does something, and for what it takes: a reason, a time, a share. */
export function ActDialog({ act, release, environment, onClose, onWish }: ActDialogProps) {
  const { label, text, look, needs } = actQuestion(act, release, environment);
  const [reason, setReason] = useState('');
  const [moment, setMoment] = useState('');
  const [percent, setPercent] = useState(percentOf(release.flags[0]?.weightPer100k ?? 0));
  const [error, setError] = useState<string>();
  const confirm = () => {
    const wish = wishOf(act, { reason: reason.trim(), moment, percent });
    if (typeof wish === 'string') return setError(wish);
    onWish(wish);
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={confirm}
      look={look === 'danger' ? 'danger' : environment.production ? 'production' : 'primary'}
      title={`${label}: ${release.title}`}
      confirmLabel={`${label} in ${environment.name}`}
    >
      <p>{text}</p>
      {needs === 'reason' && (
        <Field label="Reason" error={error}>
          <TextInput value={reason} onChange={setReason} maxLength={1000} />
        </Field>
      )}
      {needs === 'moment' && (
        <Field label="Start at" error={error}>
          <TextInput type="datetime-local" value={moment} onChange={setMoment} />
        </Field>
      )}
      {needs === 'weight' && (
        <div className="flex items-center gap-2">
          <div className="w-28">
            <NumberInput
              label="Share of the new variant"
              value={percent}
              onChange={setPercent}
              min={0}
              max={100}
              digits={3}
              unit="%"
            />
          </div>
          <span className="text-ink-3 text-xs">of {environment.name} gets the new variant</span>
        </div>
      )}
    </ConfirmDialog>
  );
}

/** What is sent, or what is wrong with what was typed. */
function wishOf(
  act: ReleaseAct,
  { reason, moment, percent }: { reason: string; moment: string; percent: number },
): ReleaseWish | string {
  switch (act) {
    case 'pause':
    case 'abort':
    case 'rollback':
      return reason === '' ? 'Say why, for those who see it later.' : { command: act, reason };
    case 'schedule': {
      const at = new Date(moment);
      if (Number.isNaN(at.getTime())) return 'Choose a day and a time.';
      return { command: act, at: at.toISOString() };
    }
    case 'set_weight':
      return { command: act, flagsPer100k: weightOfPercent(percent) };
    default:
      return { command: act };
  }
}
