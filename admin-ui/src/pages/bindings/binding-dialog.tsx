import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { bindingsQuery, createBinding, patchBinding } from '../../api/bindings.ts';
import { signalsQuery } from '../../api/signals.ts';
import type { Binding, BindingBody, Project, SignalAlert, SignalSource } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { wordOf } from '../../ui/code-words.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Notice } from '../../ui/notice.tsx';
import { NumberInput } from '../../ui/number-input.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { type BindingDraft, checkBinding, draftOf, matchersOf, placeErrors, targetsOf } from './binding-draft.ts';
import { actionWords } from './binding-words.ts';
import { KeptMatches } from './kept-matches.tsx';
import { MatcherRows } from './matcher-rows.tsx';
import { TargetFields } from './target-fields.tsx';

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

const noAlerts: readonly SignalAlert[] = [];

interface BindingDialogProps {
  project: Project;
  source: SignalSource;
  /** The one to change; undefined: a new one is made. */
  binding: Binding | undefined;
  onClose: () => void;
}

/** Says what alerts lead to, and shows meanwhile which of those that came would have been meant. */
export function BindingDialog({ project, source, binding, onClose }: BindingDialogProps) {
  const client = useQueryClient();
  // As it was when the dialog opened: what someone else saves meanwhile is refused, not overrun.
  const [seen] = useState(binding);
  const { values, change, errors, busy, onSubmit } = useForm<BindingDraft, BindingBody>({
    initial: draftOf(seen),
    check: (draft) => checkBinding(draft, source.key),
    submit: async ({ key, ...body }) => {
      const saved = seen
        ? await patchBinding(project.key, key, seen.version, body)
        : await createBinding(project.key, { key, ...body });
      toastDone({
        title: t`${saved.name} is saved`,
        text: saved.mode === 'armed' ? t`Alerts that begin from now on act.` : t`It is a dry run: nothing is done.`,
      });
      void client.invalidateQueries({ queryKey: bindingsQuery(project.key).queryKey });
      onClose();
    },
    explain: (error) => placeErrors(fieldErrors(asApiError(error))),
  });
  const signals = useInfiniteQuery(signalsQuery(project.key, source.key));
  const alerts = useMemo(() => signals.data?.pages.flatMap(({ items }) => firing(items)) ?? noAlerts, [signals.data]);
  const match = useMemo(() => matchersOf(values.match), [values.match]);
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={seen ? t`Binding ${seen.name}` : t`New binding`}
      description={t`What alerts of ${source.name} lead to. Those that fire already do not act on a change.`}
    >
      <form onSubmit={onSubmit} noValidate aria-label={t`Binding`}>
        <div className="flex flex-col gap-5 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <div className="grid gap-4 sm:grid-cols-2">
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
          </div>
          <MatcherRows
            match={values.match}
            errors={errors}
            seen={alerts.map(({ labels }) => labels)}
            onChange={(next) => change({ match: next })}
          />
          <section aria-label={t`What it would have meant`} className="flex flex-col gap-2 rounded-sm bg-sunken p-3">
            <Loaded from={signals} what={t`the signals`}>
              {() => <KeptMatches alerts={alerts} match={match} targets={targetsOf(values)} action={values.action} />}
            </Loaded>
          </section>
          <TargetFields project={project} draft={values} errors={errors} onChange={change} />
          <div className="flex flex-wrap gap-x-6 gap-y-3">
            <div className="flex flex-col items-start gap-1.5">
              <span className="font-medium text-xs">
                <Trans>What is done</Trans>
              </span>
              <Segmented
                label={t`What is done`}
                value={values.action}
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
          <p className="text-ink-2 text-xs">
            {t(actionWords[values.action])} {modeWords(values.mode, source)} {mostWords(values.action, source)}
          </p>
          <details className="text-xs">
            <summary className="w-fit cursor-pointer rounded-xs text-ink-3 hover:text-ink">
              <Trans>Bounds</Trans>
            </summary>
            <div className="mt-2 grid gap-4 sm:grid-cols-3">
              <Bound
                {...{ label: t`Oldest alert that acts`, unit: 's', min: 10, max: 86_400, value: values.maxAgeSeconds }}
                onChange={(maxAgeSeconds) => change({ maxAgeSeconds })}
              />
              <Bound
                {...{ label: t`Kills an hour`, min: 1, max: 1000, value: values.maxKillsPerHour }}
                onChange={(maxKillsPerHour) => change({ maxKillsPerHour })}
              />
              <Bound
                {...{ label: t`Cool-down after a kill`, unit: 's', min: 0, max: 3600, value: values.coolDownSeconds }}
                onChange={(coolDownSeconds) => change({ coolDownSeconds })}
              />
            </div>
            <p className="mt-2 text-ink-3">
              <Trans>
                What comes after so many kills is paused instead. What begins within the cool-down is looked at again
                after it: it may come from the kill.
              </Trans>
            </p>
          </details>
        </div>
        <ActOrCancel onCancel={onClose} look={values.mode === 'armed' ? 'danger' : 'primary'} busy={busy}>
          {values.mode === 'armed' ? t`Save, armed` : t`Save as a dry run`}
        </ActOrCancel>
      </form>
    </Dialog>
  );
}

interface BoundProps {
  label: string;
  value: number;
  min: number;
  max: number;
  unit?: string;
  onChange: (value: number) => void;
}

function Bound({ label, ...rest }: BoundProps) {
  return (
    <div className="flex flex-col gap-1.5">
      <span className="font-medium">{label}</span>
      <NumberInput label={label} {...rest} />
    </div>
  );
}

/** Alerts that began, each once, however often it came. */
function firing(signals: readonly { readonly alerts: { readonly shown: readonly SignalAlert[] } }[]): SignalAlert[] {
  const all = signals.flatMap(({ alerts }) => alerts.shown).filter(({ status }) => status === 'firing');
  return [...new Map(all.map((alert) => [alert.episode, alert])).values()];
}

function modeWords(mode: Binding['mode'], source: SignalSource): string {
  if (mode === 'dry_run') return t`As a dry run it is judged and recorded, and nothing is done.`;
  if (source.mode === 'dry_run') return t`Nothing is done as long as its source is a dry run.`;
  return t`Armed: it is done at once, and nobody is asked.`;
}

/** Ascending in force, as the server lowers them. */
const forces = ['notify', 'pause', 'abort', 'rollback', 'kill'] as const;

function mostWords(action: Binding['action'], { allow }: SignalSource): string {
  if (forces.indexOf(action) <= forces.indexOf(allow.action)) return '';
  return t`But its source may lead to ${wordOf(allow.action)} at most: it is lowered to that.`;
}
