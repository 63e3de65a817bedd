import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { patchEnvironment } from '../../api/flags.ts';
import { useMay } from '../../api/permissions.ts';
import { maxChanges, requestTurningOff } from '../../api/proposals.ts';
import type { Environment, Flag, Project } from '../../api/types.ts';
import { describeProtection, isProtected } from '../../environments/protection.tsx';
import { undoComment } from '../../flags/undo-change.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Select } from '../../ui/select.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { FlagNames, Share } from './flag-names.tsx';
import type { BulkAct } from './use-bulk.tsx';

interface TurnOffDialogProps {
  project: Project;
  flags: readonly Flag[];
  onClose: () => void;
  onAct: (act: BulkAct) => void;
}

/** Turns all chosen flags off in one environment; where others must approve it, proposes that. Shown for as long as it is rendered. */
export function TurnOffDialog({ project, flags, onClose, onAct }: TurnOffDialogProps) {
  const { environments } = project;
  const [key, setKey] = useState(environments[0]?.key ?? '');
  const [comment, setComment] = useState('');
  const may = useMay(project.key, key);
  const proposing = useMutation({
    mutationFn: (keys: readonly string[]) =>
      requestTurningOff(project.key, { environment: key, flags: keys, comment: comment.trim() }),
  });
  const environment = environments.find((one) => one.key === key);
  if (!environment) return null;
  const changing = flags.filter((flag) => flag.environments[key]?.enabled);
  const proposes = isProtected(environment);
  const problem = problemOf({ environment, changing: changing.length, mayWrite: may('targeting:write'), proposes });
  const isSilent = environment.requireComment && comment.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem !== undefined || isSilent || changing.length === 0) return;
    if (!proposes) return onAct(turnOff(project.key, environment, comment.trim()));
    proposing.mutate(
      changing.map((flag) => flag.key),
      {
        onSuccess: ({ title }) => {
          toastDone({ title: t`Approval is asked for`, text: title });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      production={environment.production}
      title={t`Turn ${plural(flags.length, { one: '# flag', other: '# flags' })} off`}
    >
      <form onSubmit={submit} noValidate aria-label={t`Turn off`}>
        <div className="flex flex-col gap-3 px-5 py-4">
          <Field label={t`Environment`}>
            <Select
              value={key}
              options={environments.map((one) => ({ value: one.key, label: one.name }))}
              onChange={setKey}
            />
          </Field>
          <Share changing={changing.length} of={flags.length} others={t`are off in ${environment.name}`} />
          {changing.length > 0 && (
            <>
              <FlagNames flags={changing} />
              <p className="text-ink-2 text-xs">
                <Trans>Each serves its off variant there to everyone from then on.</Trans>
              </p>
            </>
          )}
          {proposes && <p className="text-ink-2 text-xs">{describeProtection(environment)}</p>}
          <Field
            label={t`Comment`}
            optional={!environment.requireComment}
            hint={
              environment.requireComment
                ? t`${environment.name} wants a comment with each change.`
                : t`Kept in the audit trail.`
            }
          >
            <TextInput value={comment} onChange={setComment} maxLength={1000} />
          </Field>
          {problem !== undefined && <p className="text-danger-ink text-xs">{problem}</p>}
          {proposing.error && (
            <Notice title={t`It was not asked for`}>
              <Failure error={proposing.error} />
            </Notice>
          )}
        </div>
        <ActOrCancel
          onCancel={onClose}
          look={environment.production ? 'production' : 'primary'}
          disabled={problem !== undefined || isSilent || changing.length === 0}
          busy={proposing.isPending}
        >
          {proposes
            ? t`Request approval`
            : t`Turn ${plural(changing.length, { one: '# flag', other: '# flags' })} off in ${environment.name}`}
        </ActOrCancel>
      </form>
    </Dialog>
  );
}

interface Circumstances {
  readonly environment: Environment;
  readonly changing: number;
  readonly mayWrite: boolean;
  readonly proposes: boolean;
}

/** What stands against it, and what helps. */
function problemOf({ environment, changing, mayWrite, proposes }: Circumstances): string | undefined {
  if (!mayWrite && !proposes) return t`You may not change flags in ${environment.name}. Choose another environment.`;
  if (proposes && changing > maxChanges)
    return t`One request holds at most ${maxChanges} changes: choose fewer flags, and ask several times.`;
  return undefined;
}

function turnOff(project: string, environment: Environment, comment: string): BulkAct {
  const set = async (flag: Flag, enabled: boolean, why: string) => {
    const version = flag.environments[environment.key]?.version;
    if (version === undefined) return flag;
    return (await patchEnvironment(project, flag.key, environment.key, version, { enabled }, why)).flag;
  };
  const what = t`turned off in ${environment.name}`;
  return {
    what,
    act: async (flag) => (flag.environments[environment.key]?.enabled ? set(flag, false, comment) : flag),
    back: (_before, after) => set(after, true, undoComment(what)),
  };
}
