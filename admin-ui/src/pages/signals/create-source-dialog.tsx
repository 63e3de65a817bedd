import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { createSource, sourcesQuery } from '../../api/signals.ts';
import type { CreateSourceBody, NewSignalSource } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextArea, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { useForm } from '../../ui/use-form.ts';
import { checkSource, givesSecret, type SourceDraft, type Vendor } from './source-draft.ts';
import { SourceSecret } from './source-secret.tsx';

const vendors: readonly { value: Vendor; label: MessageDescriptor }[] = [
  { value: 'alertmanager', label: msg`Prometheus Alertmanager` },
  { value: 'grafana', label: msg`Grafana` },
  { value: 'datadog', label: msg`Datadog` },
  { value: 'pagerduty', label: msg`PagerDuty` },
  { value: 'sentry', label: msg`Sentry` },
  { value: 'opsgenie', label: msg`Opsgenie` },
  { value: 'cloudwatch', label: msg`Amazon CloudWatch` },
  { value: 'generic', label: msg`Anything else` },
];

const actions = [
  { value: 'notify', label: msg`notify` },
  { value: 'pause', label: msg`pause` },
  { value: 'abort', label: msg`abort` },
  { value: 'kill', label: msg`kill` },
] as const;

const modes = [
  { value: 'dry_run', label: msg`Dry run` },
  { value: 'armed', label: msg`Armed` },
] as const;

/** Makes a source, then shows its secret, once, and what to type into the vendor. Shown for as long as it is rendered. */
export function CreateSourceDialog({ project, onClose }: { project: string; onClose: () => void }) {
  const [created, setCreated] = useState<NewSignalSource>();
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={created ? t`Source ${created.name}` : t`New source`}
      description={
        created?.secret
          ? t`Copy the secret now: it cannot be shown again.`
          : t`It may send alerts that lead to something.`
      }
    >
      {created ? (
        <SourceSecret vendor={created.vendor} secret={created.secret} steps={created.setUp} onClose={onClose} />
      ) : (
        <SourceForm project={project} onCreated={setCreated} onCancel={onClose} />
      )}
    </Dialog>
  );
}

const first: SourceDraft = {
  ...{ name: '', key: '', vendor: 'alertmanager', action: 'kill', mode: 'dry_run' },
  ...{ secret: '', mapping: '', topics: '' },
};

interface SourceFormProps {
  project: string;
  onCreated: (source: NewSignalSource) => void;
  onCancel: () => void;
}

function SourceForm({ project, onCreated, onCancel }: SourceFormProps) {
  const client = useQueryClient();
  const { values, change, errors, busy, onSubmit } = useForm<SourceDraft, CreateSourceBody>({
    initial: first,
    check: (draft) => checkSource(draft, project),
    submit: async (body) => {
      onCreated(await createSource(body));
      void client.invalidateQueries({ queryKey: sourcesQuery(project).queryKey });
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  return (
    <form onSubmit={onSubmit} noValidate aria-label={t`New source`}>
      <div className="flex flex-col gap-4 px-5 py-4">
        {errors[''] && <Notice title={errors['']} />}
        <Field label={t`Vendor`}>
          <Select value={values.vendor} options={vendors} onChange={(vendor) => change({ vendor })} />
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t`Name`} error={errors.name}>
            <TextInput autoFocus value={values.name} onChange={(name) => change({ name })} maxLength={200} />
          </Field>
          <Field label={t`Key`} hint={t`Part of the address that it sends to.`} error={errors.key}>
            <TextInput mono value={values.key} onChange={(key) => change({ key })} maxLength={100} />
          </Field>
        </div>
        {givesSecret(values.vendor) && (
          <Field label={t`Secret`} hint={t`The one that the vendor shows.`} error={errors.secret}>
            <TextInput mono autoComplete="off" value={values.secret} onChange={(secret) => change({ secret })} />
          </Field>
        )}
        {values.vendor === 'generic' && (
          <Field
            label={t`Mapping`}
            hint={t`An expression in CEL that makes an alert ${'{status, fingerprint, startsAt, labels, annotations}'} of body.`}
            error={errors.mapping}
          >
            <TextArea mono rows={4} value={values.mapping} onChange={(mapping) => change({ mapping })} />
          </Field>
        )}
        {values.vendor === 'cloudwatch' && (
          <Field
            label={t`Topics`}
            hint={t`ARNs of the SNS topics that may send here, one a line.`}
            error={errors.topics}
          >
            <TextArea mono rows={2} value={values.topics} onChange={(topics) => change({ topics })} />
          </Field>
        )}
        <div className="flex flex-wrap gap-x-6 gap-y-3">
          <div className="flex flex-col items-start gap-1.5">
            <span className="font-medium text-xs">
              <Trans>The most that it may lead to</Trans>
            </span>
            <Segmented
              label={t`The most that it may lead to`}
              value={values.action === 'rollback' ? 'abort' : values.action}
              options={actions}
              onChange={(action) => change({ action })}
            />
          </div>
          <div className="flex flex-col items-start gap-1.5">
            <span className="font-medium text-xs">
              <Trans>Mode</Trans>
            </span>
            <Segmented label={t`Mode`} value={values.mode} options={modes} onChange={(mode) => change({ mode })} />
          </div>
        </div>
        <p className="text-ink-3 text-xs">
          {values.mode === 'armed'
            ? t`Armed: what its bindings say is done at once.`
            : t`Dry run: everything is judged and recorded, and nothing is done.`}
        </p>
      </div>
      <ActOrCancel onCancel={onCancel} busy={busy}>
        <Trans>Create source</Trans>
      </ActOrCancel>
    </form>
  );
}
