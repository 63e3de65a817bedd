import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import type { NewWebhook, Project } from '../../api/types.ts';
import { createWebhook } from '../../api/webhooks.ts';
import { webhookPath } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { useForm } from '../../ui/use-form.ts';
import { addressHints, checkWebhook, emptyDraft } from './webhook-draft.ts';

const formats = [
  { value: 'standard', label: 'Signed' },
  { value: 'slack', label: 'Slack' },
  { value: 'teams', label: 'Teams' },
  { value: 'email', label: 'Mail' },
] as const;

const hears = [
  { value: 'all', label: 'Everything' },
  { value: 'urgent', label: 'What is urgent' },
  { value: 'some', label: 'Some actions' },
] as const;

/** Makes a webhook, then shows what its messages are signed with, once. Shown for as long as it is rendered. */
export function CreateWebhookDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const [created, setCreated] = useState<NewWebhook>();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: emptyDraft,
    check: checkWebhook,
    submit: async (body) => {
      setCreated(await createWebhook(project.key, body));
      void client.invalidateQueries({ queryKey: ['webhooks', project.key] });
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  if (created) {
    return (
      <Dialog
        open
        onClose={onClose}
        width="wide"
        title={`Webhook ${created.name}`}
        description="Copy the secret now: it cannot be shown again. A receiver verifies messages by it."
      >
        <div className="px-5 py-4">
          <CodeBlock title="Secret, shown only here" code={created.secret} />
        </div>
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
          <Button look="primary" onClick={() => void navigate(webhookPath(project.key, created.id))}>
            Test it
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <Dialog open onClose={onClose} width="wide" title="New webhook" description="It hears of what happens from now on.">
      <form onSubmit={onSubmit} noValidate aria-label="New webhook">
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <Field label="Name" error={errors.name}>
            <TextInput autoFocus value={values.name} onChange={(name) => change({ name })} maxLength={200} />
          </Field>
          <div>
            <Segmented
              label="Format"
              value={values.format}
              options={formats}
              onChange={(format) => change({ format })}
            />
          </div>
          <Field label="Address" hint={addressHints[values.format]} error={errors.url}>
            <TextInput mono value={values.url} onChange={(url) => change({ url })} autoComplete="off" />
          </Field>
          <div>
            <Segmented
              label="Hears of"
              value={values.hears}
              options={hears}
              onChange={(next) => change({ hears: next })}
            />
          </div>
          {values.hears === 'some' && (
            <Field
              label="Actions"
              hint="Separated by commas: flag.killed, segment.*"
              error={errors.actions ?? errors['filter.actions']}
            >
              <TextInput mono value={values.actions} onChange={(actions) => change({ actions })} />
            </Field>
          )}
          <Field label="Environment">
            <Select
              value={values.environment}
              options={[
                { value: '', label: 'All environments' },
                ...project.environments.map(({ key: value, name: label }) => ({ value, label })),
              ]}
              onChange={(environment) => change({ environment })}
            />
          </Field>
        </div>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Create webhook
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
