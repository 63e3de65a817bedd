import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { createFlagView, deleteFlagView, flagViewsQuery } from '../../api/flag-views.ts';
import { useMay } from '../../api/permissions.ts';
import type { FlagsSearch } from '../../searches.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Switch } from '../../ui/switch.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { narrowings } from './flag-filter.ts';
import { undoViewChange } from './use-view-change.ts';
import { viewFilterOf } from './view-filter.ts';

interface SaveViewDialogProps {
  project: string;
  search: FlagsSearch;
  onClose: () => void;
}

/** Keeps what the list shows now under a name. Shown for as long as it is rendered. */
export function SaveViewDialog({ project, search, onClose }: SaveViewDialogProps) {
  const client = useQueryClient();
  const may = useMay(project);
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: { name: '', shared: false },
    check: ({ name, shared }) =>
      name.trim() === ''
        ? { ok: false, errors: { name: t`Enter a name.` } }
        : { ok: true, ready: { name: name.trim(), shared } },
    submit: async (ready) => {
      const view = await createFlagView(project, { ...ready, filter: viewFilterOf(search) });
      await client.invalidateQueries({ queryKey: flagViewsQuery(project).queryKey });
      const done = t`The view "${ready.name}" is kept`;
      const undo = () => deleteFlagView(project, view.id);
      toastDone({ title: done, undo: () => void undoViewChange(client, project, { done, left: view, undo }) });
      onClose();
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  return (
    <Dialog open onClose={onClose} title={t`Keep as a view`} description={describe(search)}>
      <form onSubmit={onSubmit} noValidate aria-label={t`Keep as a view`}>
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <Field label={t`Name`} error={errors.name}>
            <TextInput
              autoFocus
              autoComplete="off"
              value={values.name}
              onChange={(name) => change({ name })}
              maxLength={200}
            />
          </Field>
          {may('flag:write') && (
            <div className="flex items-center gap-3">
              <Switch
                label={t`For everyone who reads the project`}
                checked={values.shared}
                onChange={(shared) => change({ shared })}
              />
              <span aria-hidden>
                <Trans>For everyone who reads the project</Trans>
              </span>
            </div>
          )}
        </div>
        <ActOrCancel onCancel={onClose} busy={busy}>
          <Trans>Keep the view</Trans>
        </ActOrCancel>
      </form>
    </Dialog>
  );
}

/** What the view will show, in words. */
function describe(search: FlagsSearch): string {
  const parts = [
    ...(search.search ? [t`Search: ${search.search}`] : []),
    ...narrowings(search).map(({ name }) => name),
    ...(search.archived ? [t`Archived`] : []),
    ...(search.sort ? [t`Recently changed first`] : []),
  ];
  return parts.length === 0 ? t`All flags, by key` : parts.join(' · ');
}
