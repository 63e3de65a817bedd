import { msg, t } from '@lingui/core/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../api/api-error.ts';
import { createSafeguard, patchSafeguard, safeguardsKey } from '../api/safeguards.ts';
import type { Environment, Safeguard } from '../api/types.ts';
import { ActOrCancel } from '../ui/act-or-cancel.tsx';
import { Dialog } from '../ui/dialog.tsx';
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
  { value: 'notify', label: msg`notify` },
  { value: 'pause', label: msg`pause` },
  { value: 'abort', label: msg`abort` },
  { value: 'kill', label: msg`kill` },
] as const;

const modes = [
  { value: 'dry_run', label: msg`Dry run` },
  { value: 'armed', label: msg`Armed` },
] as const;

const actionWords = {
  notify: msg`It tells who listens to webhooks, and does nothing to the flag.`,
  pause: msg`The flag’s ramps and release stand still until someone lets them go on.`,
  abort: msg`The release that the flag is in goes back to its baseline.`,
  kill: msg`Everyone gets the flag’s safe variant at once, until someone re-arms it.`,
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
        title: t`${saved.name} is saved`,
        text: saved.mode === 'armed' ? t`It acts from now on.` : t`It is a dry run: nothing is done.`,
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
      title={seen ? t`Safeguard ${seen.name}` : t`New safeguard in ${environment.name}`}
      description={seen ? t`Changed, it begins anew: what it has counted does not count.` : t`Judged once a second.`}
    >
      <form onSubmit={onSubmit} noValidate aria-label={t`Safeguard`}>
        <div className="flex flex-col gap-5 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <Field label={t`Name`} error={errors.name}>
            <TextInput autoFocus value={values.name} onChange={(name) => change({ name })} maxLength={200} />
          </Field>
          <WatchFields {...fields} />
          <MetricFields {...fields} />
          <TestFields {...fields} />
          <ScopeFields {...fields} />
          <div className="flex flex-wrap gap-x-6 gap-y-3">
            <Labelled label={t`What is done`} error={errors.action}>
              <Segmented
                label={t`What is done`}
                value={values.action}
                options={values.metric === 'exposures' ? actions.slice(0, 2) : actions}
                onChange={(action) => change({ action })}
              />
            </Labelled>
            <Labelled label={t`Mode`}>
              <Segmented label={t`Mode`} value={values.mode} options={modes} onChange={(mode) => change({ mode })} />
            </Labelled>
          </div>
          <p className="text-ink-2 text-xs">
            {values.mode === 'dry_run'
              ? t`As a dry run it is judged and recorded, and nothing is done.`
              : t`${t(actionWords[values.action])} Nobody is asked.`}
          </p>
        </div>
        <ActOrCancel onCancel={onClose} look={values.mode === 'armed' ? 'danger' : 'primary'} busy={busy}>
          {values.mode === 'armed' ? t`Save, armed` : t`Save as a dry run`}
        </ActOrCancel>
      </form>
    </Dialog>
  );
}
