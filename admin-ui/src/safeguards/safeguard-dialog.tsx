import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../api/api-error.ts';
import { createSafeguard, patchSafeguard, safeguardsKey } from '../api/safeguards.ts';
import type { Environment, Safeguard } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { toastDone } from '../ui/toast.tsx';
import { useForm } from '../ui/use-form.ts';
import { Labelled } from './labelled.tsx';
import { MetricFields } from './metric-fields.tsx';
import { checkSafeguard, draftOf } from './safeguard-draft.ts';
import { ScopeFields } from './scope-fields.tsx';
import { TestFields } from './test-fields.tsx';
import { WatchFields } from './watch-fields.tsx';

const actions = [
  { value: 'notify', label: 'notify' },
  { value: 'pause', label: 'pause' },
  { value: 'abort', label: 'abort' },
  { value: 'kill', label: 'kill' },
] as const;

const modes = [
  { value: 'dry_run', label: 'Dry run' },
  { value: 'armed', label: 'Armed' },
] as const;

const actionWords = {
  notify: 'It tells who listens to webhooks, and does nothing to the flag.',
  pause: 'The flag’s ramps and release stand still until someone lets them go on.',
  abort: 'The release that the flag is in goes back to its baseline.',
  kill: 'Everyone gets the flag’s safe variant at once, until someone re-arms it.',
} as const;

interface SafeguardDialogProps {
  project: string;
  environment: Environment;
  /** The one to change; undefined: a new one is made. */
  safeguard?: Safeguard | undefined;
  /** Of a new one: what it watches. */
  flag?: string | undefined;
  onClose: () => void;
}

/** Says what is watched, when it is too bad, and what is done then. */
export function SafeguardDialog({ project, environment, safeguard, flag, onClose }: SafeguardDialogProps) {
  const client = useQueryClient();
  const place = { project, environment: environment.key };
  // As it was when the dialog opened: what someone else saves meanwhile is refused, not overrun.
  const [seen] = useState(safeguard);
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: draftOf(seen, flag),
    check: checkSafeguard,
    submit: async (body) => {
      const saved = seen
        ? await patchSafeguard(place, seen, { candidate: null, baseline: null, deploy: null, ...body })
        : await createSafeguard(place, body);
      toastDone({
        title: `${saved.name} is saved`,
        text: saved.mode === 'armed' ? 'It acts from now on.' : 'It is a dry run: nothing is done.',
      });
      void client.invalidateQueries({ queryKey: safeguardsKey(place) });
      onClose();
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  const fields = { project, draft: values, errors, onChange: change };
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={seen ? `Safeguard ${seen.name}` : `New safeguard in ${environment.name}`}
      description={seen ? 'Changed, it begins anew: what it has counted does not count.' : 'Judged once a second.'}
    >
      <form onSubmit={onSubmit} noValidate aria-label="Safeguard">
        <div className="flex flex-col gap-5 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <Field label="Name" error={errors.name}>
            <TextInput autoFocus value={values.name} onChange={(name) => change({ name })} maxLength={200} />
          </Field>
          <WatchFields {...fields} />
          <MetricFields {...fields} />
          <TestFields {...fields} />
          <ScopeFields {...fields} />
          <div className="flex flex-wrap gap-x-6 gap-y-3">
            <Labelled label="What is done" error={errors.action}>
              <Segmented
                label="What is done"
                value={values.action}
                options={values.metric === 'exposures' ? actions.slice(0, 2) : actions}
                onChange={(action) => change({ action })}
              />
            </Labelled>
            <Labelled label="Mode">
              <Segmented label="Mode" value={values.mode} options={modes} onChange={(mode) => change({ mode })} />
            </Labelled>
          </div>
          <p className="text-ink-2 text-xs">
            {values.mode === 'dry_run'
              ? 'As a dry run it is judged and recorded, and nothing is done.'
              : `${actionWords[values.action]} Nobody is asked.`}
          </p>
        </div>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look={values.mode === 'armed' ? 'danger' : 'primary'} busy={busy}>
            {values.mode === 'armed' ? 'Save, armed' : 'Save as a dry run'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
