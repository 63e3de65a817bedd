import { msg, t } from '@lingui/core/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import type { NewWebhook, Project, Webhook } from '../../api/types.ts';
import { createWebhook, patchWebhook } from '../../api/webhooks.ts';
import { webhookPath } from '../../paths.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SecretDialog } from '../../ui/secret-dialog.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { useForm } from '../../ui/use-form.ts';
import { EnvironmentChoice } from './environment-choice.tsx';
import { addressHints, checkWebhook, draftOf } from './webhook-draft.ts';

const formats = [
  { value: 'standard', label: msg`Signed` },
  { value: 'slack', label: msg`Slack` },
  { value: 'teams', label: msg`Teams` },
  { value: 'email', label: msg`Mail` },
] as const;

const hears = [
  { value: 'all', label: msg`Everything` },
  { value: 'urgent', label: msg`What is urgent` },
  { value: 'some', label: msg`Some actions` },
] as const;

interface WebhookDialogProps {
  project: Project;
  /** The one that is changed; absent: a new one. */
  webhook?: Webhook;
  onClose: () => void;
}

/**
 * Makes a webhook, then shows what its messages are signed with, once; or changes where one leads and what it hears of.
 * Shown for as long as it is rendered.
 */
export function WebhookDialog({ project, webhook, onClose }: WebhookDialogProps) {
  const [created, setCreated] = useState<NewWebhook>();
  /** What someone else makes of it meanwhile is not overwritten. */
  const [version] = useState(webhook?.version ?? 0);
  const client = useQueryClient();
  const navigate = useNavigate();
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: draftOf(webhook),
    check: checkWebhook,
    submit: async (body) => {
      if (webhook) await patchWebhook(project.key, webhook.id, version, body);
      else setCreated(await createWebhook(project.key, body));
      await client.invalidateQueries({ queryKey: ['webhooks', project.key] });
      if (webhook) onClose();
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  if (created) {
    return (
      <SecretDialog
        title={t`Webhook ${created.name}`}
        secret={created.secret}
        use={t`A receiver verifies messages by it.`}
        onClose={onClose}
        next={{ label: t`Test it`, onAct: () => void navigate(webhookPath(project.key, created.id)) }}
      />
    );
  }
  const title = webhook ? t`Edit ${webhook.name}` : t`New webhook`;
  return (
    <Dialog open onClose={onClose} width="wide" title={title} description={t`It hears of what happens from now on.`}>
      <form onSubmit={onSubmit} noValidate aria-label={title}>
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <Field label={t`Name`} error={errors.name}>
            <TextInput autoFocus value={values.name} onChange={(name) => change({ name })} maxLength={200} />
          </Field>
          <div>
            <Segmented
              label={t`Format`}
              value={values.format}
              options={formats}
              onChange={(format) => change({ format })}
            />
          </div>
          <Field label={t`Address`} hint={t(addressHints[values.format])} error={errors.url}>
            <TextInput mono value={values.url} onChange={(url) => change({ url })} autoComplete="off" />
          </Field>
          <div>
            <Segmented
              label={t`Hears of`}
              value={values.hears}
              options={hears}
              onChange={(next) => change({ hears: next })}
            />
          </div>
          {values.hears === 'some' && (
            <Field
              label={t`Actions`}
              hint={t`Separated by commas: flag.killed, segment.*`}
              error={
                errors.actions ?? Object.entries(errors).find(([place]) => place.startsWith('filter.actions'))?.[1]
              }
            >
              <TextInput mono value={values.actions} onChange={(actions) => change({ actions })} />
            </Field>
          )}
          <EnvironmentChoice
            environments={project.environments}
            chosen={values.environments}
            onChange={(environments) => change({ environments })}
          />
        </div>
        <ActOrCancel onCancel={onClose} busy={busy}>
          {webhook ? t`Save` : t`Create webhook`}
        </ActOrCancel>
      </form>
    </Dialog>
  );
}
