import { t } from '@lingui/core/macro';
import { useQuery } from '@tanstack/react-query';
import { useMayForCertain } from '../../../api/permissions.ts';
import { webhooksQuery } from '../../../api/webhooks.ts';
import { DurationInput } from '../../../releases/duration-input.tsx';
import { Field } from '../../../ui/field.tsx';
import type { KindFieldsProps } from './kind-fields.tsx';
import { ChoiceSetting, Pair, TextSetting } from './settings.tsx';

const usualTimeoutSeconds = 600;

/** What is run, and how long it may take. */
export function JobFields({ project, gate, errors, change }: KindFieldsProps<'job'>) {
  const { run, timeoutSeconds = usualTimeoutSeconds } = gate;
  return (
    <Pair>
      <ChoiceSetting
        label={t`What runs it`}
        value={run.kind}
        options={[
          { value: 'webhook', label: t`a webhook of the project` },
          { value: 'command', label: t`a command of the server` },
        ]}
        onChange={(kind) => change({ run: kind === 'webhook' ? { kind, webhook: '' } : { kind, command: '' } })}
        hint={t`After a crash it may be run again under the same key.`}
      />
      {run.kind === 'webhook' ? (
        <WebhookSetting
          project={project}
          value={run.webhook}
          error={errors['run.webhook']}
          onChange={(webhook) => change({ run: { kind: 'webhook', webhook } })}
        />
      ) : (
        <TextSetting
          label={t`Command`}
          value={run.command}
          hint={t`A program in the folder that BUNTING_GATE_COMMANDS names.`}
          onChange={(command) => change({ run: { kind: 'command', command } })}
          error={errors['run.command']}
        />
      )}
      <Field label={t`Has failed after`}>
        <DurationInput
          label={t`Has failed after`}
          value={timeoutSeconds}
          onChange={(next) => change({ timeoutSeconds: next === usualTimeoutSeconds ? undefined : next })}
          {...{ min: 1, max: 86_400 }}
        />
      </Field>
    </Pair>
  );
}

interface WebhookSettingProps {
  project: string;
  value: string;
  error: string | undefined;
  onChange: (webhook: string) => void;
}

/** Who may not list webhooks writes the id of one. */
function WebhookSetting({ project, value, error, onChange }: WebhookSettingProps) {
  const mayRead = useMayForCertain(project)('webhook:write');
  const { data: webhooks } = useQuery({ ...webhooksQuery(project), enabled: mayRead });
  if (!webhooks) return <TextSetting label={t`Webhook`} hint={t`Its id.`} {...{ value, error, onChange }} />;
  const options = webhooks.map(({ id, name }) => ({ value: id, label: name }));
  const known = options.some((option) => option.value === value) || value === '';
  return (
    <ChoiceSetting
      label={t`Webhook`}
      {...{ value, error, onChange }}
      options={known ? options : [...options, { value, label: value }]}
      {...(webhooks.length === 0 && { hint: t`There is none in this project yet: make one first.` })}
    />
  );
}
