import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { deleteSafeguard, patchSafeguard, safeguardQuery, safeguardsKey } from '../api/safeguards.ts';
import type { Environment, Safeguard, SafeguardPatch } from '../api/types.ts';
import { safeguardsPath } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import { describeSafeguard } from './describe-safeguard.ts';

type Question = 'arm' | 'delete';

/** Of the deletion of a safeguard, until its page has been left. */
export function deletingKey(safeguard: string) {
  return ['delete-safeguard', safeguard] as const;
}

interface SafeguardActsProps {
  project: string;
  environment: Environment;
  safeguard: Safeguard;
  onEdit: () => void;
}

/** Arms it or makes it a dry run, switches it off and on, edits and deletes it. */
export function SafeguardActs({ project, environment, safeguard, onEdit }: SafeguardActsProps) {
  const { id, name, mode, enabled } = safeguard;
  const place = { project, environment: environment.key };
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const [question, setQuestion] = useState<Question>('arm');
  const ask = (next: Question) => {
    setQuestion(next);
    setAsking(true);
  };
  const change = useMutation({
    mutationFn: (patch: SafeguardPatch) => patchSafeguard(place, safeguard, patch),
    onSuccess: (saved) => {
      client.setQueryData(safeguardQuery(place, id).queryKey, saved);
      toastDone({ title: t`${name} is ${stateWords(saved)}` });
    },
    onError: (error) => toastFailed({ title: t`${name} is as it was`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: safeguardsKey(place) }),
  });
  const remove = useMutation({
    mutationKey: deletingKey(id),
    mutationFn: () => deleteSafeguard(place, id),
    onSuccess: async () => {
      toastDone({ title: t`${name} is deleted` });
      await navigate(safeguardsPath(project, { environment: environment.key }));
      // Only now: the page that has just been left must not ask for it again.
      client.removeQueries({ queryKey: safeguardQuery(place, id).queryKey });
      void client.invalidateQueries({ queryKey: safeguardsKey(place) });
    },
    onError: (error) => toastFailed({ title: t`${name} is not deleted`, error }),
  });
  const answer = () => {
    setAsking(false);
    if (question === 'delete') remove.mutate();
    else change.mutate({ mode: 'armed' });
  };
  return (
    <>
      <div className="flex flex-wrap gap-2">
        {mode === 'armed' ? (
          <Button busy={change.isPending} onClick={() => change.mutate({ mode: 'dry_run' })}>
            <Trans>Make it a dry run</Trans>
          </Button>
        ) : (
          <Button look="danger" busy={change.isPending} onClick={() => ask('arm')}>
            <Trans>Arm</Trans>
          </Button>
        )}
        <Button onClick={onEdit}>
          <Trans>Edit</Trans>
        </Button>
        <Button look="quiet" busy={change.isPending} onClick={() => change.mutate({ enabled: !enabled })}>
          {enabled ? t`Switch off` : t`Switch on`}
        </Button>
        <Button look="quiet" busy={remove.isPending} onClick={() => ask('delete')}>
          <Trans>Delete</Trans>
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={answer}
        look={question === 'arm' && environment.production ? 'production' : 'danger'}
        title={question === 'delete' ? t`Delete ${name}?` : t`Arm ${name} in ${environment.name}?`}
        confirmLabel={question === 'delete' ? t`Delete safeguard` : t`Arm in ${environment.name}`}
      >
        {question === 'delete' ? (
          <p>
            <Trans>Nothing watches in its place. What it has found, and what it has killed, stays.</Trans>
          </p>
        ) : (
          <p>
            <Trans>
              {describeSafeguard(safeguard)} It acts from now on, and nobody is asked. It begins to count anew.
            </Trans>
          </p>
        )}
      </ConfirmDialog>
    </>
  );
}

function stateWords({ mode, enabled }: Safeguard): string {
  if (!enabled) return t`switched off`;
  return mode === 'armed' ? 'armed' : t`a dry run`;
}
