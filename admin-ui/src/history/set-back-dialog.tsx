import { editsBetween, type Targeting } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { flagQuery } from '../api/flags.ts';
import { servedFlagQuery } from '../api/history.ts';
import type { Environment, Flag } from '../api/types.ts';
import { EnvironmentName } from '../environments/environment-name.tsx';
import { describeProtection, isProtected } from '../environments/protection.tsx';
import { EditList } from '../flags/edit-list.tsx';
import { ImpactPanel } from '../impact/impact-panel.tsx';
import { targetingOf } from '../pages/targeting/draft.ts';
import { ActOrCancel } from '../ui/act-or-cancel.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { formatNumber } from '../ui/format.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Notice } from '../ui/notice.tsx';
import { useSetBack } from './use-set-back.tsx';

interface SetBackDialogProps {
  project: string;
  flag: string;
  environment: Environment;
  /** What it is set back to is what this one served. */
  revision: number;
  onClose: () => void;
}

/** Shows what setting a flag back to a past revision would change, and whom it moves, then does it. Shown for as long as it is rendered. */
export function SetBackDialog({ project, flag: key, environment, revision, onClose }: SetBackDialogProps) {
  const flag = useQuery(flagQuery(project, key));
  const past = useQuery({ ...servedFlagQuery(project, environment.key, revision, key), retry: false });
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      production={environment.production}
      title={t`Set ${key} back to revision ${formatNumber(revision)}`}
      description={
        <span className="flex items-center gap-1.5">
          <Trans>
            in <EnvironmentName environment={environment} />
          </Trans>
        </span>
      }
    >
      <Loaded from={flag} what={t`the flag`}>
        {(now) => (
          <Loaded from={past} what={t`what was served then`}>
            {(then) => (
              <SetBackForm
                {...{ project, flag: now, environment, revision, onClose }}
                then={then && targetingOf({ rules: [], ...then })}
              />
            )}
          </Loaded>
        )}
      </Loaded>
    </Dialog>
  );
}

interface SetBackFormProps extends Omit<SetBackDialogProps, 'flag'> {
  flag: Flag;
  /** null: the revision served no such flag. */
  then: Targeting | null;
}

function SetBackForm({ project, flag, then, environment, revision, onClose }: SetBackFormProps) {
  const [comment, setComment] = useState('');
  const { run, isPending, error } = useSetBack(project, environment, onClose);
  const state = flag.environments[environment.key];
  const base = state && targetingOf(state);
  const edits = base && then ? editsBetween(base, then) : [];
  const isSilent = environment.requireComment && comment.trim() === '';
  return (
    <>
      <div className="flex flex-col gap-4 px-5 pt-4 pb-5">
        {edits.length === 0 || !base || !then ? (
          <p role="status" className="text-ink-2">
            {then === null
              ? t`This revision served no such flag: there is nothing to set it back to.`
              : t`It serves the same now: there is nothing to set back.`}
          </p>
        ) : (
          <>
            <EditList flag={flag} base={base} edits={edits} label={t`What changes`} />
            <ImpactPanel {...{ project, flag, environment, base, mine: then, edits }} />
            {state?.killed && (
              <p className="text-ink-2 text-xs">
                <Trans>It is killed here: what it is set back to is served once it is re-armed.</Trans>
              </p>
            )}
            <Field
              label={t`Comment`}
              optional={!environment.requireComment}
              hint={isProtected(environment) ? t`Those who approve it read it.` : t`Kept in the audit trail.`}
            >
              <TextInput value={comment} onChange={setComment} maxLength={1000} />
            </Field>
            {isProtected(environment) && <p className="text-ink-2 text-xs">{describeProtection(environment)}</p>}
          </>
        )}
        {error && <Notice title={t`It was not set back`}>{error}</Notice>}
      </div>
      <ActOrCancel
        onCancel={onClose}
        look={environment.production ? 'production' : 'primary'}
        disabled={edits.length === 0 || isSilent}
        busy={isPending}
        onAct={() => run({ flag, revision, edits, comment: comment.trim() })}
      >
        {isProtected(environment) ? t`Request approval` : t`Set back in ${environment.name}`}
      </ActOrCancel>
    </>
  );
}
