import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { dataSourcesQuery } from '../api/data-sources.ts';
import { Field, TextArea, TextInput } from '../ui/field.tsx';
import { NumberInput } from '../ui/number-input.tsx';
import { Select } from '../ui/select.tsx';
import { Labelled } from './labelled.tsx';
import { type SafeguardDraft, withMetric } from './safeguard-draft.ts';
import type { SafeguardFieldsProps } from './watch-fields.tsx';

const metrics: readonly { value: SafeguardDraft['metric']; label: MessageDescriptor }[] = [
  { value: 'errors', label: msg`Errors of a code path` },
  { value: 'latency', label: msg`How long a code path takes` },
  { value: 'mismatches', label: msg`Old and new that differ` },
  { value: 'events', label: msg`How often an event is the bad one` },
  { value: 'values', label: msg`Values of an event` },
  { value: 'exposures', label: msg`Who gets which variant` },
  { value: 'prometheus', label: msg`Queries of Prometheus` },
];

const paths = ['run', 'read.old', 'read.new', 'write.old', 'write.new', 'current', 'candidate'] as const;

const sample = 'sum(increase(http_requests_total{version="new"}[$step]))';

/** What is measured, and what of it is bad. */
export function MetricFields({ project, draft, errors, onChange }: SafeguardFieldsProps) {
  const { metric } = draft;
  return (
    <>
      <Field label={t`What is measured`} error={errors['metric.kind'] ?? errors.metric}>
        <Select value={metric} options={metrics} onChange={(next) => onChange(withMetric(draft, next))} />
      </Field>
      {(metric === 'errors' || metric === 'latency') && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t`Code path`} hint={t`run: what flags.run calls.`}>
            <Select
              mono
              value={draft.path}
              options={paths.map((value) => ({ value, label: value }))}
              onChange={(path) => onChange({ path })}
            />
          </Field>
          {metric === 'latency' && draft.test !== 'latency' && (
            <Labelled label={t`Bad above, in ms`} error={errors['metric.aboveMs']}>
              <NumberInput
                label={t`Bad above, in ms`}
                {...{ min: 0.001, max: 3_600_000, digits: 3, value: draft.aboveMs }}
                onChange={(aboveMs) => onChange({ aboveMs })}
              />
            </Labelled>
          )}
        </div>
      )}
      {metric === 'mismatches' && (
        <Field label={t`Of what`} hint={t`Where both sides ran, and their results were compared.`}>
          <Select
            value={draft.compared}
            options={[
              { value: 'shadow', label: 'flags.shadow' },
              { value: 'read', label: t`reads of a migration` },
            ]}
            onChange={(compared) => onChange({ compared })}
          />
        </Field>
      )}
      {metric === 'events' && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t`Bad event`} error={errors['metric.bad']}>
            <TextInput mono value={draft.badEvent} onChange={(badEvent) => onChange({ badEvent })} maxLength={44} />
          </Field>
          <Field label={t`Good event`} error={errors['metric.good']}>
            <TextInput mono value={draft.goodEvent} onChange={(goodEvent) => onChange({ goodEvent })} maxLength={44} />
          </Field>
        </div>
      )}
      {metric === 'values' && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t`Event`} error={errors['metric.event']}>
            <TextInput mono value={draft.event} onChange={(event) => onChange({ event })} maxLength={44} />
          </Field>
          <Labelled label={t`Bad above`} error={errors['metric.above']}>
            <NumberInput
              label={t`Bad above`}
              {...{ min: 0.001, max: 3_600_000, digits: 3, value: draft.above }}
              onChange={(above) => onChange({ above })}
            />
          </Labelled>
        </div>
      )}
      {metric === 'exposures' && (
        <p className="text-ink-2 text-xs">
          <Trans>
            Each subject counts once, when a split serves it for the first time. SDKs measure it by slices, which is
            turned on with this.
          </Trans>
        </p>
      )}
      {metric === 'prometheus' && <QueryFields {...{ project, draft, errors, onChange }} />}
    </>
  );
}

const queries = [
  { field: 'candidateTotal', path: 'metric.candidate.total', label: msg`Candidate: all` },
  { field: 'candidateBad', path: 'metric.candidate.bad', label: msg`Candidate: bad ones` },
  { field: 'baselineTotal', path: 'metric.baseline.total', label: msg`Baseline: all` },
  { field: 'baselineBad', path: 'metric.baseline.bad', label: msg`Baseline: bad ones` },
] as const;

function QueryFields({ project, draft, errors, onChange }: SafeguardFieldsProps) {
  const sources = useQuery(dataSourcesQuery(project));
  const keys = sources.data?.map(({ key, name }) => ({ value: key, label: name })) ?? [];
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t`Data source`}
          error={errors['metric.source']}
          hint={sources.data?.length === 0 ? t`The project has none yet: add one under Data sources.` : undefined}
        >
          <Select
            value={draft.source}
            options={draft.source === '' ? [{ value: '', label: t`Choose one` }, ...keys] : keys}
            onChange={(source) => onChange({ source })}
          />
        </Field>
        <Labelled label={t`Asked every, in s`} error={errors['metric.stepMs']}>
          <NumberInput
            label={t`Asked every, in s`}
            {...{ min: 5, max: 300, value: draft.stepSeconds }}
            onChange={(stepSeconds) => onChange({ stepSeconds })}
          />
        </Labelled>
      </div>
      {queries.map(({ field, path, label }) => (
        <Field key={field} label={t(label)} optional={field.startsWith('baseline')} error={errors[path]}>
          <TextArea mono value={draft[field]} onChange={(text) => onChange({ [field]: text })} />
        </Field>
      ))}
      <p className="text-ink-3 text-xs">
        <Trans>
          Each counts what happened in a step, such as <code className="break-all">{sample}</code>. Where no series
          means none, bad ones end in <code>or vector(0)</code>.
        </Trans>
      </p>
      {errors['metric.baseline'] && (
        <p role="alert" className="text-danger-ink text-xs">
          {errors['metric.baseline']}
        </p>
      )}
    </>
  );
}
