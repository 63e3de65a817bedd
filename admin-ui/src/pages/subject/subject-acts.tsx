import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import type { PasswordLink } from '../../api/types.ts';
import { peoplePath } from '../../paths.ts';
import { Button, buttonShape } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { actsFor, type SubjectAct } from './acts.ts';
import { OneTimeLink } from './one-time-link.tsx';
import { RenameGroupDialog } from './rename-group-dialog.tsx';
import type { Subject } from './subject-page.tsx';

/** What can be done about a person, a group or a program; each is asked about first. */
export function SubjectActs({ project, subject }: { project: string; subject: Subject }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<SubjectAct>();
  const [isRenaming, setRenaming] = useState(false);
  const [link, setLink] = useState<PasswordLink>();
  const act = useMutation({
    mutationFn: (one: SubjectAct) => one.run(),
    onSuccess: async (answer, { done, isEnd }) => {
      if (answer) setLink(answer);
      toastDone({ title: done });
      if (isEnd) await navigate({ ...peoplePath(project), replace: true });
    },
    onError: (error) => toastFailed({ title: t`Nothing was changed`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: ['people'] }),
  });
  return (
    <>
      <Menu
        label={t`Manage ${subject.name}`}
        triggerClassName={`${buttonShape} border border-edge bg-raised text-ink shadow-control hover:bg-hover`}
        trigger={
          <Trans>
            <Ellipsis aria-hidden />
            Manage
          </Trans>
        }
      >
        {subject.kind === 'group' && (
          <MenuItem onSelect={() => setRenaming(true)}>
            <Trans>Rename</Trans>
          </MenuItem>
        )}
        {actsFor(subject).map((one) => (
          <MenuItem key={one.label} danger={one.isEnd ?? false} onSelect={() => setAsking(one)}>
            {one.label}
          </MenuItem>
        ))}
      </Menu>
      <ConfirmDialog
        open={asking !== undefined}
        onClose={() => setAsking(undefined)}
        onConfirm={() => {
          setAsking(undefined);
          if (asking) act.mutate(asking);
        }}
        look={asking?.isEnd ? 'danger' : 'primary'}
        title={`${asking?.label ?? ''}: ${subject.name}?`}
        confirmLabel={asking?.label ?? ''}
      >
        <p>{asking?.says}</p>
      </ConfirmDialog>
      {isRenaming && <RenameGroupDialog group={subject.id} name={subject.name} onClose={() => setRenaming(false)} />}
      <Dialog
        open={link !== undefined}
        onClose={() => setLink(undefined)}
        width="wide"
        title={t`A link for ${subject.name}`}
      >
        <div className="px-5 py-4">{link && <OneTimeLink link={link} />}</div>
        <DialogActions>
          <Button look="primary" onClick={() => setLink(undefined)}>
            <Trans>Done</Trans>
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
