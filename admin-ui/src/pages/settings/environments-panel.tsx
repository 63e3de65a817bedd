import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, Plus } from 'lucide-react';
import { useState } from 'react';
import { refreshFlags } from '../../api/flag-cache.ts';
import { useMay } from '../../api/permissions.ts';
import { deleteEnvironment, updateEnvironment } from '../../api/projects.ts';
import type { Environment, Project } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { ProtectedMark } from '../../environments/protection.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { TypedConfirmDialog } from '../../ui/typed-confirm-dialog.tsx';
import { EnvironmentDialog } from './environment-dialog.tsx';

/** The environments in their order, which is the order of columns everywhere. */
export function EnvironmentsPanel({ project }: { project: Project }) {
  const client = useQueryClient();
  const may = useMay(project.key);
  /** The one that is edited, as it was when that began. */
  const [open, setOpen] = useState<Environment | 'new'>();
  const [removing, setRemoving] = useState<Environment>();
  const refresh = () => client.invalidateQueries({ queryKey: ['projects'] });
  const move = useMutation({
    mutationFn: ({ environment, to }: { environment: Environment; to: number }) =>
      updateEnvironment(project.key, environment, { position: to }),
    onError: (error) => toastFailed({ title: t`The order is as it was`, error }),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: (environment: Environment) => deleteEnvironment(project.key, environment),
    onSuccess: (_, { name }) => {
      toastDone({ title: t`${name} is deleted` });
      void refreshFlags(client, project.key);
    },
    onError: (error, { name }) => toastFailed({ title: t`${name} is still there`, error }),
    onSettled: refresh,
  });
  const mayWrite = may('environment:write');
  const last = project.environments.length - 1;
  return (
    <Panel
      title={t`Environments`}
      note={t`In the order in which all pages show them.`}
      actions={
        mayWrite && (
          <Button onClick={() => setOpen('new')}>
            <Trans>
              <Plus aria-hidden />
              New environment
            </Trans>
          </Button>
        )
      }
    >
      <ul aria-label={t`Environments`}>
        {project.environments.map((environment, at) => (
          <li
            key={environment.key}
            className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2 last:border-b-0"
          >
            <div className="flex min-w-0 flex-1 basis-56 flex-wrap items-center gap-2">
              <EnvironmentName environment={environment} />
              <ProtectedMark environment={environment} />
              <code className="truncate text-ink-3 text-xs">{environment.key}</code>
              {environment.requiredApprovals > 0 && <Badge>{t`${environment.requiredApprovals} to approve`}</Badge>}
              {environment.requireComment && (
                <Badge>
                  <Trans>asks why</Trans>
                </Badge>
              )}
            </div>
            {mayWrite && (
              <div className="ms-auto flex items-center gap-1">
                <IconButton
                  label={t`Move ${environment.name} up`}
                  disabled={at === 0 || move.isPending}
                  onClick={() => move.mutate({ environment, to: at - 1 })}
                >
                  <ArrowUp aria-hidden />
                </IconButton>
                <IconButton
                  label={t`Move ${environment.name} down`}
                  disabled={at === last || move.isPending}
                  onClick={() => move.mutate({ environment, to: at + 1 })}
                >
                  <ArrowDown aria-hidden />
                </IconButton>
                <Button look="quiet" aria-label={t`Edit ${environment.name}`} onClick={() => setOpen(environment)}>
                  <Trans>Edit</Trans>
                </Button>
                <Button
                  look="quiet"
                  aria-label={t`Delete ${environment.name}`}
                  disabled={last === 0}
                  title={last === 0 ? t`A project has one environment at least` : undefined}
                  onClick={() => setRemoving(environment)}
                >
                  <Trans>Delete</Trans>
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {open !== undefined && (
        <EnvironmentDialog
          project={project}
          environment={open === 'new' ? undefined : open}
          onClose={() => setOpen(undefined)}
        />
      )}
      {removing && (
        <TypedConfirmDialog
          title={t`Delete ${removing.name}?`}
          word={removing.key}
          confirmLabel={t`Delete environment`}
          onClose={() => setRemoving(undefined)}
          onConfirm={() => {
            setRemoving(undefined);
            remove.mutate(removing);
          }}
        >
          <p>
            <Trans>
              Its targeting, segments and keys are deleted for good. Services that are connected are disconnected at
              once and go on with what they have.
            </Trans>
          </p>
        </TypedConfirmDialog>
      )}
    </Panel>
  );
}
