import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { createDataSource, dataSourcesQuery, patchDataSource } from '../../api/data-sources.ts';
import type { DataSource } from '../../api/types.ts';
import { say } from '../../locales/say.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Select } from '../../ui/select.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { checkSource, draftOf, type SourceDraft } from './source-draft.ts';

const ways: readonly { value: SourceDraft['auth']; label: MessageDescriptor }[] = [
  { value: 'none', label: msg`nothing` },
  { value: 'bearer', label: msg`a bearer token` },
  { value: 'basic', label: msg`a name and a password` },
];

interface SourceDialogProps {
  project: string;
  /** The one to change; undefined: a new one is made. */
  source: DataSource | undefined;
  onClose: () => void;
}

/** Says where numbers may be read, and by what right. */
export function SourceDialog({ project, source, onClose }: SourceDialogProps) {
  const client = useQueryClient();
  // As it was when the dialog opened: what someone else saves meanwhile is refused, not overrun.
  const [seen] = useState(source);
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: draftOf(seen),
    check: checkSource,
    submit: async ({ key, ...body }) => {
      const saved = seen
        ? await patchDataSource(project, seen, body)
        : await createDataSource(project, { key, ...body });
      toastDone({ title: t`${saved.name} is saved`, text: t`Ask it something to see that it answers.` });
      void client.invalidateQueries({ queryKey: dataSourcesQuery(project).queryKey });
      onClose();
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  const kept = seen && { value: 'keep' as const, label: t`as before (${waysOf(seen.auth)})` };
  return (
    <Dialog
      open
      onClose={onClose}
      title={seen ? t`Data source ${seen.name}` : t`New data source`}
      description={t`A Prometheus, or what answers as one.`}
    >
      <form onSubmit={onSubmit} noValidate aria-label={t`Data source`}>
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <Field label={t`Name`} error={errors.name}>
            <TextInput autoFocus value={values.name} onChange={(name) => change({ name })} maxLength={200} />
          </Field>
          <Field label={t`Key`} error={errors.key}>
            <TextInput
              mono
              disabled={seen !== undefined}
              value={values.key}
              onChange={(key) => change({ key })}
              maxLength={100}
            />
          </Field>
          <Field label={t`Address`} hint={t`What stands before /api/v1/query.`} error={errors.url}>
            <TextInput mono type="url" value={values.url} onChange={(url) => change({ url })} maxLength={2000} />
          </Field>
          <Field label={t`It asks for`} error={errors.auth}>
            <Select value={values.auth} options={kept ? [kept, ...ways] : ways} onChange={(auth) => change({ auth })} />
          </Field>
          {values.auth === 'bearer' && (
            <Field
              label={t`Token`}
              hint={t`Kept sealed, and never shown.`}
              error={errors.token ?? errors['auth.token']}
            >
              <TextInput
                mono
                type="password"
                autoComplete="off"
                value={values.token}
                onChange={(token) => change({ token })}
                maxLength={4000}
              />
            </Field>
          )}
          {values.auth === 'basic' && (
            <div className="grid gap-4 sm:grid-cols-2">
              <Field label={t`Name there`} error={errors.username ?? errors['auth.username']}>
                <TextInput
                  autoComplete="off"
                  value={values.username}
                  onChange={(username) => change({ username })}
                  maxLength={200}
                />
              </Field>
              <Field label={t`Password`} error={errors.password ?? errors['auth.password']}>
                <TextInput
                  type="password"
                  autoComplete="new-password"
                  value={values.password}
                  onChange={(password) => change({ password })}
                  maxLength={4000}
                />
              </Field>
            </div>
          )}
        </div>
        <ActOrCancel onCancel={onClose} busy={busy}>
          <Trans>Save</Trans>
        </ActOrCancel>
      </form>
    </Dialog>
  );
}

function waysOf(auth: DataSource['auth']): string {
  return say(ways.find(({ value }) => value === auth)?.label ?? auth);
}
