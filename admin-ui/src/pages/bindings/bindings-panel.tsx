import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FlaskConical, Plus } from 'lucide-react';
import { useState } from 'react';
import { bindingsQuery, deleteBinding } from '../../api/bindings.ts';
import { useMay } from '../../api/permissions.ts';
import type { Binding, Project, SignalSource } from '../../api/types.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { BindingDialog } from './binding-dialog.tsx';
import { matchWords, sayAction, targetWords } from './binding-words.ts';
import { SampleDialog } from './sample-dialog.tsx';

/** Which binding's dialog is open. */
type Open = { readonly isNew: true } | { readonly isNew: false; readonly key: string };

interface BindingsPanelProps {
  project: Project;
  source: SignalSource;
  open: Open | undefined;
  onOpen: (open: Open | undefined) => void;
}

/** What the alerts of a source lead to in a project. */
export function BindingsPanel({ project, source, open, onOpen }: BindingsPanelProps) {
  const bindings = useQuery(bindingsQuery(project.key));
  const may = useMay(project.key);
  const [isTrying, setTrying] = useState(false);
  const edited = open?.isNew === false ? bindings.data?.find(({ key }) => key === open.key) : undefined;
  const mayWrite = may('safeguard:write');
  return (
    <Panel
      title={t`Bindings of ${source.name}`}
      note={t`What its alerts lead to.`}
      actions={
        <>
          <Button look="quiet" onClick={() => setTrying(true)}>
            <Trans>
              <FlaskConical aria-hidden />
              Try a sample
            </Trans>
          </Button>
          {mayWrite && (
            <Button onClick={() => onOpen({ isNew: true })}>
              <Trans>
                <Plus aria-hidden />
                New binding
              </Trans>
            </Button>
          )}
        </>
      }
    >
      <Loaded from={bindings} what={t`the bindings`}>
        {(all) => {
          const items = all.filter((binding) => binding.source === source.key);
          if (items.length === 0) {
            return (
              <EmptyState
                title={t`Its alerts lead to nothing yet`}
                text={t`A binding says which alerts are meant, by their labels, and what they do to which flags: tell, pause, abort or kill. It begins as a dry run, and shows what it would have done.`}
              />
            );
          }
          return (
            <ul aria-label={t`Bindings`}>
              {items.map((binding) => (
                <BindingRow
                  key={binding.key}
                  project={project.key}
                  source={source}
                  binding={binding}
                  mayWrite={mayWrite}
                  onEdit={() => onOpen({ isNew: false, key: binding.key })}
                />
              ))}
            </ul>
          );
        }}
      </Loaded>
      {mayWrite && (open?.isNew || edited) && (
        <BindingDialog project={project} source={source} binding={edited} onClose={() => onOpen(undefined)} />
      )}
      {isTrying && <SampleDialog source={source} onClose={() => setTrying(false)} />}
    </Panel>
  );
}

interface BindingRowProps {
  project: string;
  source: SignalSource;
  binding: Binding;
  mayWrite: boolean;
  onEdit: () => void;
}

function BindingRow({ project, source, binding, mayWrite, onEdit }: BindingRowProps) {
  const { key, name, match, targets, action, mode } = binding;
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => deleteBinding(project, key),
    onSuccess: () => toastDone({ title: t`${name} is deleted` }),
    onError: (error) => toastFailed({ title: t`${name} is not deleted`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: bindingsQuery(project).queryKey }),
  });
  const isArmed = mode === 'armed' && source.mode === 'armed';
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-line border-b px-4 py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex min-w-0 flex-wrap items-center gap-x-2">
          <span className="min-w-0 truncate font-medium" title={name}>
            {name}
          </span>
          <code className="truncate text-2xs text-ink-3">{key}</code>
        </p>
        <p className="break-words text-ink-2 text-xs">
          {t`When ${matchWords(match)}: ${sayAction(action, targetWords(targets))}.`}
        </p>
      </div>
      <Badge look={isArmed ? 'danger' : 'muted'}>
        {isArmed ? t`armed` : mode === 'armed' ? t`dry run, as its source` : t`dry run`}
      </Badge>
      {mayWrite && (
        <span className="flex gap-1">
          <Button look="quiet" aria-label={t`Edit ${name}`} onClick={onEdit}>
            <Trans>Edit</Trans>
          </Button>
          <Button look="quiet" aria-label={t`Delete ${name}`} busy={remove.isPending} onClick={() => setAsking(true)}>
            <Trans>Delete</Trans>
          </Button>
        </span>
      )}
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          remove.mutate();
        }}
        look="danger"
        title={t`Delete ${name}?`}
        confirmLabel={t`Delete binding`}
      >
        <p>
          <Trans>
            Such alerts lead to nothing any more. What it has killed stays killed, and what it has paused stays paused.
          </Trans>
        </p>
      </ConfirmDialog>
    </li>
  );
}
