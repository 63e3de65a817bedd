import type { TargetingEdit } from '@bunting/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { Environment, Flag } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { describeProtection, isProtected } from '../../environments/protection.tsx';
import { EditList } from '../../flags/edit-list.tsx';
import { ImpactPanel } from '../../impact/impact-panel.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { MomentInput } from '../../ui/moment-input.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import type { Draft } from './draft.ts';
import { type Intent, useSaveTargeting } from './use-save-targeting.tsx';

interface ReviewDialogProps {
  project: string;
  flag: Flag;
  environment: Environment;
  draft: Draft;
  edits: readonly TargetingEdit[];
  onChange: (draft: Draft) => void;
  onClose: () => void;
  /** It was saved, or others have it. */
  onDone: () => void;
  /** Someone else saved meanwhile. */
  onBehind: () => void;
  /** The server refused parts of the draft: its reasons by their places. */
  onRefused: (errors: FormErrors) => void;
}

const times = [
  { value: 'now', label: msg`Now` },
  { value: 'later', label: msg`Later` },
] as const;

/** What the draft changes, whom it moves, and why: the last look before it is saved. */
export function ReviewDialog({ project, flag, environment, draft, edits, ...told }: ReviewDialogProps) {
  const { run, isPending } = useSaveTargeting(project, flag, environment);
  const [time, setTime] = useState<'now' | 'later'>('now');
  const [at, setAt] = useState<string>();
  const [errors, setErrors] = useState<{ comment?: string; at?: string; whole?: string }>({});
  const proposes = isProtected(environment);
  const { request } = draft;
  const intent: Intent | undefined = request ? { kind: 'amend', request } : intentOf(proposes, time, at);
  const confirm = async () => {
    if (!request && environment.requireComment && draft.comment.trim() === '')
      return setErrors({ comment: t`Say why: ${environment.name} wants a comment with each change.` });
    if (!intent) return setErrors({ at: t`Say when: a time that is still to come.` });
    const outcome = await run(draft, intent);
    if (outcome.kind === 'done') return told.onDone();
    if (outcome.kind === 'behind') return told.onBehind();
    const { '': whole, ...places } = outcome.errors;
    const parts = Object.entries(places).map(([place, message]) => `${place} ${message}`);
    setErrors({ whole: whole ?? parts.join('; ') });
    told.onRefused(places);
  };
  return (
    <Dialog
      open
      onClose={told.onClose}
      width="wide"
      production={environment.production}
      title={t`Review the changes of ${flag.key}`}
      description={
        <span className="flex items-center gap-1.5">
          <Trans>
            in <EnvironmentName environment={environment} />
          </Trans>
        </span>
      }
    >
      <div className="flex flex-col gap-4 px-5 pt-4 pb-5">
        <EditList flag={flag} base={draft.base} edits={edits} label={t`Changes`} />
        <ImpactPanel
          project={project}
          flag={flag}
          environment={environment}
          base={draft.base}
          mine={draft.mine}
          edits={edits}
        />
        {!request && (
          <Field
            label={t`Comment`}
            optional={!environment.requireComment}
            hint={proposes ? t`Those who approve it read it.` : t`Kept in the audit trail.`}
            error={errors.comment}
          >
            <TextInput
              value={draft.comment}
              maxLength={1000}
              onChange={(comment) => {
                told.onChange({ ...draft, comment });
                setErrors({});
              }}
            />
          </Field>
        )}
        {request ? (
          <p className="break-words text-ink-2 text-xs">
            <Trans>
              The change request “{request.title}” says this then. What others approved of it ends where it is something
              else.
            </Trans>
          </p>
        ) : proposes ? (
          <p className="text-ink-2 text-xs">{describeProtection(environment)}</p>
        ) : (
          <div className="flex flex-wrap items-center gap-2">
            <Segmented label={t`When`} value={time} options={times} onChange={setTime} />
            {time === 'later' && (
              <>
                <MomentInput label={t`At, in UTC`} value={at} onChange={setAt} />
                <span className="text-ink-2 text-xs">
                  <Trans>UTC</Trans>
                </span>
              </>
            )}
            {errors.at && (
              <p role="alert" className="text-danger-ink text-xs">
                {errors.at}
              </p>
            )}
          </div>
        )}
        {errors.whole && <Notice title={t`It was not done`}>{errors.whole}</Notice>}
      </div>
      <DialogActions>
        <Button onClick={told.onClose}>
          <Trans>Go on editing</Trans>
        </Button>
        <Button
          look={environment.production && !request ? 'production' : 'primary'}
          busy={isPending}
          onClick={() => void confirm()}
        >
          {request
            ? t`Change the request`
            : proposes
              ? t`Request approval`
              : time === 'now'
                ? t`Save in ${environment.name}`
                : t`Schedule in ${environment.name}`}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function intentOf(proposes: boolean, time: 'now' | 'later', at: string | undefined): Intent | undefined {
  if (proposes) return { kind: 'request' };
  if (time === 'now') return { kind: 'save' };
  return at !== undefined && Date.parse(at) > Date.now() ? { kind: 'schedule', at } : undefined;
}
