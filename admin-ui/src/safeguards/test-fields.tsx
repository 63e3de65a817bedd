import type { MessageDescriptor } from '@lingui/core';
import { msg, plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Field, TextInput } from '../ui/field.tsx';
import type { FormErrors } from '../ui/form-errors.ts';
import { NumberInput } from '../ui/number-input.tsx';
import { Select } from '../ui/select.tsx';
import { describeChance, testWords } from './describe-safeguard.ts';
import { Labelled } from './labelled.tsx';
import { type SafeguardDraft, testOf, testsFor } from './safeguard-draft.ts';

const names: Readonly<Record<SafeguardDraft['test'], MessageDescriptor>> = {
  crash: msg`Crash: far worse, at once`,
  relative_risk: msg`Worse than the other variant`,
  placebo_rank: msg`Worse for whom it is served`,
  latency: msg`Slower than the other variant`,
  ceiling: msg`More than a share is bad`,
  burn_rate: msg`Error budget used up too fast`,
  sample_ratio: msg`Another share than the split says`,
};

const profiles = [
  { value: 'release', label: msg`0.5% of it in 5 minutes` },
  { value: 'release_slow', label: msg`0.1% of it in 5 minutes` },
  { value: 'page', label: msg`2% in an hour, or 5% in six` },
  { value: 'ticket', label: msg`10% in a day, or in three` },
] as const;

/** Days; what else is set is offered, too. */
const usualPeriods = ['1', '7', '30', ''];

interface TestFieldsProps {
  draft: SafeguardDraft;
  errors: FormErrors;
  onChange: (part: Partial<SafeguardDraft>) => void;
}

/** When it fails, and how sure it must be. */
export function TestFields({ draft, errors, onChange }: TestFieldsProps) {
  const { test: kind, metric, periodDays } = draft;
  const test = testOf(draft);
  const hasAlpha = 'alpha' in test;
  const periods = usualPeriods.includes(periodDays) ? usualPeriods : [...usualPeriods, periodDays];
  return (
    <>
      <Field label={t`When it fails`} error={errors['test.kind'] ?? errors.test}>
        <Select
          value={kind}
          options={testsFor[metric].map((value) => ({ value, label: names[value] }))}
          onChange={(next) => onChange({ test: next })}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        {(kind === 'crash' || kind === 'ceiling') && (
          <Labelled
            label={kind === 'crash' ? t`No crash up to, where nothing is beside it` : t`Allowed share`}
            error={errors['test.atMost']}
          >
            <NumberInput
              label={t`Allowed share, in percent`}
              {...{ min: 0.0001, max: kind === 'crash' ? 50 : 90, digits: 4, unit: '%', value: draft.atMostPercent }}
              onChange={(atMostPercent) => onChange({ atMostPercent })}
            />
          </Labelled>
        )}
        {'tolerance' in test && (
          <Labelled label={t`So many times as bad is no harm yet`} error={errors['test.tolerance']}>
            <NumberInput
              label={t`Tolerance`}
              {...{ min: 1, max: 10, digits: 2, unit: '×', value: draft.tolerance }}
              onChange={(tolerance) => onChange({ tolerance })}
            />
          </Labelled>
        )}
        {kind === 'latency' && (
          <Field label={t`Slow from, in ms`} hint={t`One or more.`} error={errors['test.thresholdsMs']}>
            <TextInput value={draft.thresholds} onChange={(thresholds) => onChange({ thresholds })} maxLength={200} />
          </Field>
        )}
        {kind === 'burn_rate' && (
          <>
            <Labelled label={t`Promised share of good ones`} error={errors['test.objective']}>
              <NumberInput
                label={t`Promised share of good ones, in percent`}
                {...{ min: 50, max: 99.9999, digits: 4, unit: '%', value: draft.objectivePercent }}
                onChange={(objectivePercent) => onChange({ objectivePercent })}
              />
            </Labelled>
            <Field label={t`Too fast is`}>
              <Select value={draft.profile} options={profiles} onChange={(profile) => onChange({ profile })} />
            </Field>
          </>
        )}
        {hasAlpha && (
          <Labelled label={t`Chance of a false alarm`} error={errors['test.alpha']}>
            <NumberInput
              label={t`Chance of a false alarm, in percent`}
              {...{ min: 0.0000001, max: 50, digits: 7, step: 0.01, unit: '%', value: draft.alphaPercent }}
              onChange={(alphaPercent) => onChange({ alphaPercent })}
            />
          </Labelled>
        )}
        {hasAlpha && kind !== 'sample_ratio' && (
          <Field label={t`In each`} error={errors['test.periodMs']}>
            <Select
              value={periodDays}
              options={periods.map((value) => ({ value, label: periodWords(value) }))}
              onChange={(next) => onChange({ periodDays: next })}
            />
          </Field>
        )}
      </div>
      <p className="text-ink-2 text-xs">
        <Trans>
          It fails when {testWords(test)}. {describeChance(test)}
        </Trans>
      </p>
    </>
  );
}

function periodWords(days: string): string {
  if (days === '') return t`whole life of it`;
  return plural(Number(days), { one: 'day', other: '# days' });
}
