import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { putReleaseTemplate, releaseTemplatesQuery } from '../../api/release-templates.ts';
import type { ReleaseTemplate } from '../../api/types.ts';
import type { ReleaseSpec } from '../../releases/release-spec.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextArea, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { templateOf } from './release-draft.ts';
import { checkTemplate, type TemplateDraft } from './template-draft.ts';

interface SaveTemplateDialogProps {
  project: string;
  draft: ReleaseSpec;
  /** What it was begun from; one of the project's own is replaced unless another key is given. */
  template: ReleaseTemplate | undefined;
  onClose: () => void;
}

/** Keeps the way of a release for the project: all but what it is done to. */
export function SaveTemplateDialog({ project, draft, template, onClose }: SaveTemplateDialogProps) {
  const client = useQueryClient();
  const own = template?.isBuiltIn === false ? template : undefined;
  const { values, change, errors, busy, onSubmit } = useForm<TemplateDraft, TemplateDraft>({
    initial: { key: own?.key ?? '', name: own?.name ?? '', description: own?.description ?? '' },
    check: checkTemplate,
    submit: async ({ key, name, description }) => {
      await putReleaseTemplate(project, key, templateOf(draft, name, description));
      toastDone({
        title: t`${name} is kept as a template`,
        text: t`It stands beside the others when a release is begun.`,
      });
      await client.invalidateQueries({ queryKey: releaseTemplatesQuery(project).queryKey });
      onClose();
    },
    explain: (error) => {
      const problem = asApiError(error);
      return { ...fieldErrors(problem), '': problem.message };
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`Save as template`}
      description={t`The strategy, its stages and their gates; not the flags, versions and migration that it is done to.`}
    >
      <form
        noValidate
        aria-label={t`Template`}
        onSubmit={(event) => {
          // A dialog is within the form of the release for React, though not for the page.
          event.stopPropagation();
          void onSubmit(event);
        }}
      >
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <Field label={t`Name`} error={errors.name}>
            <TextInput autoFocus maxLength={200} value={values.name} onChange={(name) => change({ name })} />
          </Field>
          <Field
            label={t`Key`}
            error={errors.key}
            hint={own && values.key === own.key ? t`That of the present one, which is replaced.` : undefined}
          >
            <TextInput mono maxLength={100} value={values.key} onChange={(key) => change({ key })} />
          </Field>
          <Field label={t`What it does, and when to take it`} optional error={errors.description}>
            <TextArea value={values.description} onChange={(description) => change({ description })} />
          </Field>
        </div>
        <ActOrCancel onCancel={onClose} busy={busy}>
          <Trans>Save template</Trans>
        </ActOrCancel>
      </form>
    </Dialog>
  );
}
