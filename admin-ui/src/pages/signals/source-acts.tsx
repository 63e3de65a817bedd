import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError } from '../../api/api-error.ts';
import { deleteSource, patchSource, sourcesQuery } from '../../api/signals.ts';
import type { SignalSource, SourcePatch } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';

type Question = 'arm' | 'delete';

/** Arms a source or makes it a dry run, and deletes it. */
export function SourceActs({ project, source }: { project: string; source: SignalSource }) {
  const { key, name, mode, allow } = source;
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [question, setQuestion] = useState<Question>('arm');
  const ask = (next: Question) => {
    setQuestion(next);
    setAsking(true);
  };
  const onSettled = () => client.invalidateQueries({ queryKey: sourcesQuery(project).queryKey });
  const change = useMutation({
    mutationFn: (patch: SourcePatch) => patchSource(source, patch),
    onSuccess: (saved) => toastDone({ title: `${name} is ${saved.mode === 'armed' ? 'armed' : 'a dry run'}` }),
    onError: (error) => toastFailed({ title: `${name} is as it was`, text: asApiError(error).message }),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: () => deleteSource(key),
    onSuccess: () => toastDone({ title: `${name} is deleted` }),
    onError: (error) => toastFailed({ title: `${name} is not deleted`, text: asApiError(error).message }),
    onSettled,
  });
  return (
    <span className="flex gap-1">
      {mode === 'armed' ? (
        <Button
          look="quiet"
          aria-label={`Make ${name} a dry run`}
          busy={change.isPending}
          onClick={() => change.mutate({ mode: 'dry_run' })}
        >
          Dry run
        </Button>
      ) : (
        <Button look="quiet" aria-label={`Arm ${name}`} busy={change.isPending} onClick={() => ask('arm')}>
          Arm
        </Button>
      )}
      <Button look="quiet" aria-label={`Delete ${name}`} busy={remove.isPending} onClick={() => ask('delete')}>
        Delete
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          if (question === 'delete') remove.mutate();
          else change.mutate({ mode: 'armed' });
        }}
        look="danger"
        title={question === 'delete' ? `Delete ${name}?` : `Arm ${name}?`}
        confirmLabel={question === 'delete' ? 'Delete source' : 'Arm source'}
      >
        {question === 'delete' ? (
          <p>What it sends from now on is refused, and what it sent is forgotten. What it has killed stays killed.</p>
        ) : (
          <p>
            What its armed bindings say is done at once, up to {allow.action}. Alerts that fire already do not act on
            this.
          </p>
        )}
      </ConfirmDialog>
    </span>
  );
}
