import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { grantsOfRoleQuery, removeRole, rolesQuery } from '../../api/people.ts';
import type { Role } from '../../api/types.ts';
import { subjectPath } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { placeWords } from '../subject/place-words.ts';

interface RemoveRoleDialogProps {
  project: string;
  role: Role;
  onClose: () => void;
}

/** Deletes a role that nobody has, and says who has it. Shown for as long as it is rendered. */
export function RemoveRoleDialog({ project, role, onClose }: RemoveRoleDialogProps) {
  const client = useQueryClient();
  const grants = useQuery(grantsOfRoleQuery(role.key));
  const remove = useMutation({
    mutationFn: () => removeRole(role.key),
    onSuccess: () => {
      toastDone({ title: t`The role ${role.name} is deleted` });
      onClose();
    },
    onError: (error) => toastFailed({ title: t`The role ${role.name} stays`, error }),
    onSettled: () => client.invalidateQueries(rolesQuery),
  });
  return (
    <Dialog open onClose={onClose} title={t`Delete ${role.name}?`}>
      <div className="py-3">
        <Loaded from={grants} what={t`who has it`}>
          {(items) =>
            items.length === 0 ? (
              <p className="px-5 text-ink-2">
                <Trans>Nobody has it. This cannot be undone.</Trans>
              </p>
            ) : (
              <>
                <p className="px-5 pb-2 text-ink-2">
                  <Trans>Take it from those who have it first:</Trans>
                </p>
                <ul aria-label={t`Who has it`} className="max-h-72 overflow-y-auto">
                  {items.map(({ id, subject, ...place }) => (
                    <li key={id} className="flex flex-wrap gap-x-2 px-5 py-1">
                      <Link
                        {...subjectPath(project, subject.kind, subject.id)}
                        className="min-w-0 truncate text-link hover:underline"
                      >
                        {subject.name}
                      </Link>
                      <span className="text-ink-3">
                        <Trans>in {placeWords(place)}</Trans>
                      </span>
                    </li>
                  ))}
                </ul>
              </>
            )
          }
        </Loaded>
      </div>
      <DialogActions>
        <Button onClick={onClose}>{grants.data?.length ? t`Close` : t`Cancel`}</Button>
        {grants.data?.length === 0 && (
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            <Trans>Delete role</Trans>
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
