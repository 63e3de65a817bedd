import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { refreshFlags } from '../../api/flag-cache.ts';
import { createFlag, flagQuery, setArchived } from '../../api/flags.ts';
import { useMay } from '../../api/permissions.ts';
import { undoChange } from '../../flags/undo-change.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextArea, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { Switch } from '../../ui/switch.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { emptyDraft, readDraft } from './flag-draft.ts';
import { VariantFields } from './variant-fields.tsx';

interface CreateFlagDialogProps {
  project: string;
  open: boolean;
  onClose: () => void;
  onCreated: (key: string) => void;
}

export function CreateFlagDialog({ open, onClose, ...rest }: CreateFlagDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      width="wide"
      title={t`New flag`}
      description={t`It starts turned off in every environment.`}
    >
      <CreateFlagForm {...rest} onClose={onClose} />
    </Dialog>
  );
}

const types = [
  { value: 'boolean', label: msg`Boolean` },
  { value: 'string', label: msg`String` },
  { value: 'number', label: msg`Number` },
  { value: 'object', label: msg`Object` },
] as const;

const kinds = [
  { value: 'release', label: msg`Release: ships a change, then goes` },
  { value: 'experiment', label: msg`Experiment: compares variants` },
  { value: 'operational', label: msg`Operational: a switch for running the service` },
  { value: 'permission', label: msg`Permission: who may use what` },
  { value: 'migration', label: msg`Migration: moves data or traffic` },
] as const;

function CreateFlagForm({ project, onClose, onCreated }: Omit<CreateFlagDialogProps, 'open'>) {
  const client = useQueryClient();
  const may = useMay(project);
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: emptyDraft,
    check: readDraft,
    submit: async (body) => {
      const flag = await createFlag(project, body);
      client.setQueryData(flagQuery(project, flag.key).queryKey, flag);
      void refreshFlags(client, project);
      const done = t`${flag.key} is made`;
      // Its key stays taken: an archived flag is restored as it is.
      const act = () => setArchived(project, flag.key, true, flag.version);
      const undo = () => void undoChange(client, project, { done, act });
      toastDone({ title: done, undo: may('flag:archive') ? undo : undefined });
      onCreated(flag.key);
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  const whole = errors[''] ?? errors.variants;
  return (
    <form onSubmit={onSubmit} noValidate aria-label={t`New flag`}>
      <div className="flex flex-col gap-4 px-5 py-4">
        {whole && <Notice title={whole} />}
        <Field label={t`Key`} hint={t`What the code asks for. It cannot be changed later.`} error={errors.key}>
          <TextInput
            mono
            name="key"
            autoFocus
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="new-checkout"
            value={values.key}
            onChange={(key) => change({ key })}
          />
        </Field>
        <div className="flex flex-col gap-1.5">
          <span className="font-medium text-xs">
            <Trans>Type</Trans>
          </span>
          <div>
            <Segmented label={t`Type`} value={values.type} options={types} onChange={(type) => change({ type })} />
          </div>
        </div>
        {values.type === 'boolean' ? (
          <p className="text-ink-2 text-xs">
            <Trans>
              Its variants are <code className="font-mono text-ink">on</code> (true) and{' '}
              <code className="font-mono text-ink">off</code> (false).
            </Trans>
          </p>
        ) : (
          <VariantFields
            type={values.type}
            variants={values.variants}
            errors={errors}
            onChange={(variants) => change({ variants })}
          />
        )}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t`Name`} optional error={errors.name}>
            <TextInput name="name" autoComplete="off" value={values.name} onChange={(name) => change({ name })} />
          </Field>
          <Field label={t`Kind`} error={errors.kind}>
            <Select value={values.kind} options={kinds} onChange={(kind) => change({ kind })} />
          </Field>
        </div>
        <Field label={t`Description`} optional error={errors.description}>
          <TextArea value={values.description} onChange={(description) => change({ description })} />
        </Field>
        <div className="flex items-start gap-3">
          <Switch
            label={t`Visible to browsers`}
            checked={values.clientVisible}
            onChange={(clientVisible) => change({ clientVisible })}
          />
          <p className="min-w-0 text-xs">
            <span className="font-medium">
              <Trans>Visible to browsers</Trans>
            </span>
            <span className="block text-ink-3">
              <Trans>Pages with a client key get its value. Anyone can read that value.</Trans>
            </span>
          </p>
        </div>
      </div>
      <ActOrCancel onCancel={onClose} busy={busy}>
        <Trans>Create flag</Trans>
      </ActOrCancel>
    </form>
  );
}
