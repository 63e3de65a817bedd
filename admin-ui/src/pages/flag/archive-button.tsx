import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Archive, ArchiveRestore } from 'lucide-react';
import { useState } from 'react';
import { refreshFlags, updateCachedFlag } from '../../api/flag-cache.ts';
import { setArchived } from '../../api/flags.ts';
import { useMay } from '../../api/permissions.ts';
import { flagChangeKey } from '../../api/toggle.ts';
import type { Flag, Project } from '../../api/types.ts';
import { undoChange } from '../../flags/undo-change.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';

/** Takes the flag out of use, after asking; or brings it back. */
export function ArchiveButton({ project, flag }: { project: Project; flag: Flag }) {
  const client = useQueryClient();
  const may = useMay(project.key);
  const [asking, setAsking] = useState(false);
  const { mutate, isPending } = useMutation({
    mutationKey: [...flagChangeKey, 'archive'],
    mutationFn: (archived: boolean) => setArchived(project.key, flag.key, archived),
    onSuccess: (saved, archived) => {
      updateCachedFlag(client, project.key, saved.key, () => saved);
      const title = archived ? t`${saved.key} is archived` : t`${saved.key} is restored`;
      const act = () => setArchived(project.key, saved.key, !archived, saved.version);
      toastDone({ title, undo: () => void undoChange(client, project.key, { done: title, act }) });
    },
    onError: (error, archived) =>
      toastFailed({
        title: archived ? t`${flag.key} was not archived` : t`${flag.key} was not restored`,
        error,
      }),
    onSettled: () => {
      void refreshFlags(client, project.key);
    },
  });
  if (!may('flag:archive')) return null;
  if (flag.archivedAt !== null) {
    return (
      <Button onClick={() => mutate(false)} busy={isPending}>
        <Trans>
          <ArchiveRestore aria-hidden />
          Restore
        </Trans>
      </Button>
    );
  }
  const on = project.environments.filter(({ key }) => flag.environments[key]?.enabled).map(({ name }) => name);
  return (
    <>
      <Button onClick={() => setAsking(true)} busy={isPending}>
        <Trans>
          <Archive aria-hidden />
          Archive
        </Trans>
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          mutate(true);
        }}
        look="danger"
        title={t`Archive ${flag.key}?`}
        confirmLabel={t`Archive`}
      >
        <p>
          <Trans>Every environment stops serving it: code that still asks gets the default that it passed.</Trans>
        </p>
        {on.length > 0 && (
          <p>
            <Trans>
              It is on in <strong className="font-medium text-ink">{on.join(', ')}</strong>.
            </Trans>
          </p>
        )}
        <p>
          <Trans>Its key stays taken, and it can be restored as it is now.</Trans>
        </p>
      </ConfirmDialog>
    </>
  );
}
