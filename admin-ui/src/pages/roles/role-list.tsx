import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { rolesQuery } from '../../api/people.ts';
import { useMayEverywhere } from '../../api/permissions.ts';
import type { Role } from '../../api/types.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { RemoveRoleDialog } from './remove-role-dialog.tsx';
import { RoleDialog } from './role-dialog.tsx';
import { draftOfRole, emptyRole } from './role-draft.ts';
import { RoleMatrix } from './role-matrix.tsx';

interface RoleListProps {
  project: string;
  /** The dialog for a new one is open. */
  isCreating: boolean;
  onCreated: () => void;
}

type Open = { readonly act: 'copy' | 'edit' | 'remove'; readonly role: Role };

/** The roles there are: those of every installation, and those that people made. */
export function RoleList({ project, isCreating, onCreated }: RoleListProps) {
  const roles = useQuery(rolesQuery);
  const mayWrite = useMayEverywhere()('people:write');
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  return (
    <Loaded from={roles} what={t`the roles`}>
      {(items) => {
        const taken = items.map(({ key }) => key);
        return (
          <>
            <ul aria-label={t`Roles`} className="rounded-md border border-line bg-surface">
              {items.map((role) => (
                <RoleRow key={role.key} role={role} mayWrite={mayWrite} onAct={(act) => setOpen({ act, role })} />
              ))}
            </ul>
            <RoleMatrix roles={items} />
            {isCreating && <RoleDialog initial={emptyRole} taken={taken} onClose={onCreated} />}
            {open?.act === 'copy' && (
              <RoleDialog initial={draftOfRole(open.role, true)} taken={taken} onClose={close} />
            )}
            {open?.act === 'edit' && <RoleDialog initial={draftOfRole(open.role)} taken={undefined} onClose={close} />}
            {open?.act === 'remove' && <RemoveRoleDialog project={project} role={open.role} onClose={close} />}
          </>
        );
      }}
    </Loaded>
  );
}

interface RoleRowProps {
  role: Role;
  mayWrite: boolean;
  onAct: (act: Open['act']) => void;
}

function RoleRow({ role: { key, name, description, permissions, builtIn }, mayWrite, onAct }: RoleRowProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 break-words font-medium">{name}</span>
          <code className="text-ink-3 text-xs">{key}</code>
          {builtIn && (
            <Badge look="muted">
              <Trans>built in</Trans>
            </Badge>
          )}
        </p>
        {description !== '' && <p className="break-words text-ink-2 text-xs">{description}</p>}
      </div>
      <span className="text-ink-3 text-xs">
        {plural(permissions.length, { one: '# permission', other: '# permissions' })}
      </span>
      {mayWrite && (
        <span className="flex gap-1">
          <Button look="quiet" aria-label={t`Duplicate ${name}`} onClick={() => onAct('copy')}>
            <Trans>Duplicate</Trans>
          </Button>
          {!builtIn && (
            <>
              <Button look="quiet" aria-label={t`Edit ${name}`} onClick={() => onAct('edit')}>
                <Trans>Edit</Trans>
              </Button>
              <Button look="quiet" aria-label={t`Delete ${name}`} onClick={() => onAct('remove')}>
                <Trans>Delete</Trans>
              </Button>
            </>
          )}
        </span>
      )}
    </li>
  );
}
