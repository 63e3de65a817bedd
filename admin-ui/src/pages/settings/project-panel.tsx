import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { useMay } from '../../api/permissions.ts';
import { deleteProject, renameProject } from '../../api/projects.ts';
import type { Project } from '../../api/types.ts';
import { homePath } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { TypedConfirmDialog } from '../../ui/typed-confirm-dialog.tsx';
import { useForm } from '../../ui/use-form.ts';

interface ProjectPanelProps {
  project: Project;
  /** The last project stays. */
  isOnly: boolean;
}

/** What the project is called, and its end. */
export function ProjectPanel({ project, isOnly }: ProjectPanelProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const may = useMay(project.key);
  const [isRemoving, setRemoving] = useState(false);
  const { values, change, errors, busy, onSubmit } = useForm<{ name: string }, string>({
    initial: { name: project.name },
    check: ({ name }) =>
      name.trim() === '' ? { ok: false, errors: { name: t`Enter a name.` } } : { ok: true, ready: name.trim() },
    submit: async (name) => {
      await renameProject(project, name);
      await client.invalidateQueries({ queryKey: ['projects'] });
      toastDone({ title: t`The project is called ${name}` });
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  const remove = useMutation({
    mutationFn: () => deleteProject(project),
    onSuccess: async () => {
      toastDone({ title: t`${project.name} is deleted` });
      client.removeQueries({ queryKey: ['projects', project.key] });
      await client.invalidateQueries({ queryKey: ['projects'], exact: true });
      await navigate(homePath());
    },
    onError: (error) => toastFailed({ title: t`${project.name} is still there`, error }),
  });
  const mayWrite = may('project:write');
  return (
    <Panel title={t`Project`} note={<code>{project.key}</code>}>
      {mayWrite ? (
        <form onSubmit={onSubmit} noValidate aria-label={t`Project`} className="flex flex-col gap-3 px-4 py-3">
          {errors[''] && <Notice title={errors['']} />}
          <div className="flex max-w-120 flex-wrap items-end gap-2">
            <div className="min-w-0 flex-1">
              <Field label={t`Name`} error={errors.name}>
                <TextInput
                  autoComplete="off"
                  maxLength={200}
                  value={values.name}
                  onChange={(name) => change({ name })}
                />
              </Field>
            </div>
            <Button type="submit" busy={busy} disabled={values.name.trim() === project.name}>
              <Trans>Rename</Trans>
            </Button>
          </div>
        </form>
      ) : (
        <p className="px-4 py-3">{project.name}</p>
      )}
      {mayWrite && (
        <div className="flex flex-wrap items-center gap-3 border-line border-t px-4 py-3">
          <p className="min-w-0 flex-1 basis-60 text-ink-3 text-xs">
            {isOnly
              ? t`The last project cannot be deleted.`
              : t`To delete it takes ${plural(project.flagCount, { one: '# flag', other: '# flags' })} and all environments with it.`}
          </p>
          <Button look="quiet" disabled={isOnly} busy={remove.isPending} onClick={() => setRemoving(true)}>
            <Trans>Delete project</Trans>
          </Button>
        </div>
      )}
      {isRemoving && (
        <TypedConfirmDialog
          title={t`Delete ${project.name}?`}
          word={project.key}
          confirmLabel={t`Delete project`}
          onClose={() => setRemoving(false)}
          onConfirm={() => {
            setRemoving(false);
            remove.mutate();
          }}
        >
          <p>
            <Trans>
              {plural(project.flagCount, { one: '# flag', other: '# flags' })},{' '}
              {plural(project.environments.length, { one: '# environment', other: '# environments' })} and all their
              keys are deleted for good. Services that are connected are disconnected at once and go on with what they
              have.
            </Trans>
          </p>
        </TypedConfirmDialog>
      )}
    </Panel>
  );
}
