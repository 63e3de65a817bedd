import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { ReleaseWish } from '../../api/releases.ts';
import type { Environment, Release } from '../../api/types.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { ActFields } from './act-fields.tsx';
import { actQuestion } from './act-questions.ts';
import { inputFor, wishOf } from './act-wish.ts';
import type { ReleaseAct } from './offered-acts.ts';

interface ActDialogProps {
  act: ReleaseAct;
  release: Release;
  environment: Environment;
  onClose: () => void;
  onWish: (wish: ReleaseWish) => void;
}

/** Asks before a release does something, and for what it takes: a reason, a time, shares. */
export function ActDialog({ act, release, environment, onClose, onWish }: ActDialogProps) {
  const { label, text, warning, look, removes } = actQuestion(act, release, environment);
  const [input, setInput] = useState(() => inputFor(release));
  const [error, setError] = useState<string>();
  // A way back is never held up: it is what helps.
  const mustKnow = warning !== undefined && removes === undefined && act !== 'abort' && act !== 'rollback';
  const [isKnown, setKnown] = useState(false);
  const [typed, setTyped] = useState('');
  const [isMissed, setMissed] = useState(false);
  const confirm = () => {
    const isSure = (!mustKnow || isKnown) && (removes === undefined || typed.trim() === removes);
    if (!isSure) return setMissed(true);
    const wish = wishOf(act, input);
    if (typeof wish === 'string') return setError(wish);
    onWish(wish);
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={confirm}
      look={look === 'danger' || removes !== undefined ? 'danger' : environment.production ? 'production' : 'primary'}
      title={`${label}: ${release.title}`}
      confirmLabel={t`${label} in ${environment.name}`}
    >
      <p>{text}</p>
      {warning !== undefined && <p className="text-danger-ink">{warning}</p>}
      {mustKnow && (
        <div className="flex items-center gap-2.5">
          <Checkbox label={t`I know that there is no way back`} checked={isKnown} onChange={setKnown} />
          <span className={isMissed && !isKnown ? 'text-danger-ink' : 'text-ink'}>
            <Trans>I know that there is no way back</Trans>
          </span>
        </div>
      )}
      {removes !== undefined && (
        <Field
          label={t`Type ${removes} to remove what is old`}
          hint={t`What the migration drops is gone.`}
          error={isMissed && typed.trim() !== removes ? t`Type ${removes} to go on.` : undefined}
        >
          <TextInput mono autoComplete="off" spellCheck={false} value={typed} onChange={setTyped} />
        </Field>
      )}
      <ActFields act={act} release={release} input={input} error={error} onChange={setInput} />
    </ConfirmDialog>
  );
}
