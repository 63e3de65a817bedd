import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteSource, patchSource, sourcesQuery } from '../../api/signals.ts';
import type { SignalSource, SourcePatch } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { RotateSecretDialog } from './rotate-secret-dialog.tsx';

type Question = 'arm' | 'delete';

/** Arms a source or makes it a dry run, gives it another secret, and deletes it. */
export function SourceActs({ project, source }: { project: string; source: SignalSource }) {
  const { key, name, mode, allow, vendor, hasSecret } = source;
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [question, setQuestion] = useState<Question>('arm');
  const [isRotating, setRotating] = useState(false);
  const ask = (next: Question) => {
    setQuestion(next);
    setAsking(true);
  };
  const onSettled = () => client.invalidateQueries({ queryKey: sourcesQuery(project).queryKey });
  const change = useMutation({
    mutationFn: (patch: SourcePatch) => patchSource(source, patch),
    onSuccess: (saved) => toastDone({ title: saved.mode === 'armed' ? t`${name} is armed` : t`${name} is a dry run` }),
    onError: (error) => toastFailed({ title: t`${name} is as it was`, error }),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: () => deleteSource(key),
    onSuccess: () => toastDone({ title: t`${name} is deleted` }),
    onError: (error) => toastFailed({ title: t`${name} is not deleted`, error }),
    onSettled,
  });
  return (
    <span className="flex flex-wrap gap-1">
      {mode === 'armed' ? (
        <Button
          look="quiet"
          aria-label={t`Make ${name} a dry run`}
          busy={change.isPending}
          onClick={() => change.mutate({ mode: 'dry_run' })}
        >
          <Trans>Dry run</Trans>
        </Button>
      ) : (
        <Button look="quiet" aria-label={t`Arm ${name}`} busy={change.isPending} onClick={() => ask('arm')}>
          <Trans>Arm</Trans>
        </Button>
      )}
      {vendor !== 'cloudwatch' && (
        <Button
          look="quiet"
          aria-label={hasSecret ? t`New secret for ${name}` : t`Enter the secret of ${name}`}
          onClick={() => setRotating(true)}
        >
          {hasSecret ? t`New secret` : t`Enter secret`}
        </Button>
      )}
      <Button look="quiet" aria-label={t`Delete ${name}`} busy={remove.isPending} onClick={() => ask('delete')}>
        <Trans>Delete</Trans>
      </Button>
      {isRotating && <RotateSecretDialog project={project} source={source} onClose={() => setRotating(false)} />}
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          if (question === 'delete') remove.mutate();
          else change.mutate({ mode: 'armed' });
        }}
        look="danger"
        title={question === 'delete' ? t`Delete ${name}?` : t`Arm ${name}?`}
        confirmLabel={question === 'delete' ? t`Delete source` : t`Arm source`}
      >
        {question === 'delete' ? (
          <p>
            <Trans>
              What it sends from now on is refused, and what it sent is forgotten. What it has killed stays killed.
            </Trans>
          </p>
        ) : (
          <p>
            <Trans>
              What its armed bindings say is done at once, up to {allow.action}. Alerts that fire already do not act on
              this.
            </Trans>
          </p>
        )}
      </ConfirmDialog>
    </span>
  );
}
