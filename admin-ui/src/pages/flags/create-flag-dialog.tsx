import { useQueryClient } from '@tanstack/react-query';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { refreshFlags } from '../../api/flag-cache.ts';
import { createFlag, flagQuery, setArchived } from '../../api/flags.ts';
import { useMay } from '../../api/permissions.ts';
import { undoChange } from '../../flags/undo-change.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
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
      title="New flag"
      description="It starts turned off in every environment."
    >
      <CreateFlagForm {...rest} onClose={onClose} />
    </Dialog>
  );
}

const types = [
  { value: 'boolean', label: 'Boolean' },
  { value: 'string', label: 'String' },
  { value: 'number', label: 'Number' },
  { value: 'object', label: 'Object' },
] as const;

const kinds = [
  { value: 'release', label: 'Release: ships a change, then goes' },
  { value: 'experiment', label: 'Experiment: compares variants' },
  { value: 'operational', label: 'Operational: a switch for running the service' },
  { value: 'permission', label: 'Permission: who may use what' },
  { value: 'migration', label: 'Migration: moves data or traffic' },
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
      const done = `${flag.key} is made`;
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
    <form onSubmit={onSubmit} noValidate aria-label="New flag">
      <div className="flex flex-col gap-4 px-5 py-4">
        {whole && <Notice title={whole} />}
        <Field label="Key" hint="What the code asks for. It cannot be changed later." error={errors.key}>
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
          <span className="font-medium text-xs">Type</span>
          <div>
            <Segmented label="Type" value={values.type} options={types} onChange={(type) => change({ type })} />
          </div>
        </div>
        {values.type === 'boolean' ? (
          <p className="text-ink-2 text-xs">
            Its variants are <code className="font-mono text-ink">on</code> (true) and{' '}
            <code className="font-mono text-ink">off</code> (false).
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
          <Field label="Name" optional error={errors.name}>
            <TextInput name="name" autoComplete="off" value={values.name} onChange={(name) => change({ name })} />
          </Field>
          <Field label="Kind" error={errors.kind}>
            <Select value={values.kind} options={kinds} onChange={(kind) => change({ kind })} />
          </Field>
        </div>
        <Field label="Description" optional error={errors.description}>
          <TextArea value={values.description} onChange={(description) => change({ description })} />
        </Field>
        <div className="flex items-start gap-3">
          <Switch
            label="Visible to browsers"
            checked={values.clientVisible}
            onChange={(clientVisible) => change({ clientVisible })}
          />
          <p className="min-w-0 text-xs">
            <span className="font-medium">Visible to browsers</span>
            <span className="block text-ink-3">Pages with a client key get its value. Anyone can read that value.</span>
          </p>
        </div>
      </div>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" busy={busy}>
          Create flag
        </Button>
      </DialogActions>
    </form>
  );
}
