import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { asApiError, isUnanswered } from '../../api/api-error.ts';
import { flagQuery } from '../../api/flags.ts';
import { holdRamps, resumeRampsMutation } from '../../api/ramps.ts';
import type { Environment, Flag } from '../../api/types.ts';
import { undoChange, undoComment } from '../../flags/undo-change.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { holdCauses } from './hold-causes.ts';

interface HeldRampsProps {
  project: string;
  flag: Flag;
  environment: Environment;
}

/** While ramps of the flag are held in an environment: says so, by whom and why, and lets them go on. */
export function HeldRamps({ project, flag, environment }: HeldRampsProps) {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const [error, setError] = useState<string>();
  const client = useQueryClient();
  const { mutate, isPending } = useMutation(resumeRampsMutation(client, project));
  const state = flag.environments[environment.key];
  const causes = state && holdCauses(state);
  if (causes === undefined) return null;
  const place = t`${flag.key} in ${environment.name}`;
  const ask = () => {
    setReason('');
    setError(undefined);
    setAsking(true);
  };
  const confirm = () => {
    if (reason.trim() === '') return setError(t`Say why, for those who see it later.`);
    setAsking(false);
    mutate(
      { flag: flag.key, environment: environment.key, reason: reason.trim() },
      {
        onSuccess: () => {
          const done = t`The ramp of ${place} goes on`;
          const act = async () => {
            await holdRamps(project, { flag: flag.key, environment: environment.key, reason: undoComment(done) });
            return client.fetchQuery({ ...flagQuery(project, flag.key), staleTime: 0 });
          };
          toastDone({ title: done, undo: () => void undoChange(client, project, { done, act }) });
        },
        onError: (failure) =>
          toastFailed({
            title: isUnanswered(failure)
              ? t`It is not known whether the ramp of ${place} goes on`
              : t`The ramp of ${place} is still held`,
            text: asApiError(failure).message,
          }),
      },
    );
  };
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-b bg-sunken px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-48 break-words text-ink-2 text-xs">
        {causes.map(({ id, by, reason: why, atMs }) => (
          <p key={id}>
            <Trans>
              <strong className="font-medium text-ink">Ramp held</strong>{' '}
              <RelativeTime at={new Date(atMs).toISOString()} /> by {by}: {why}
            </Trans>
          </p>
        ))}
      </div>
      {flag.archivedAt === null && (
        <Button onClick={ask} busy={isPending}>
          <Trans>
            <Play aria-hidden />
            Resume
          </Trans>
        </Button>
      )}
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={confirm}
        look={environment.production ? 'production' : 'primary'}
        title={t`Resume the ramp of ${flag.key} in ${environment.name}?`}
        confirmLabel={t`Resume in ${environment.name}`}
      >
        <p>
          <Trans>It goes on from where it is, later by as long as it was held.</Trans>
        </p>
        <Field label={t`Reason`} error={error}>
          <TextInput value={reason} onChange={setReason} maxLength={500} />
        </Field>
      </ConfirmDialog>
    </div>
  );
}
