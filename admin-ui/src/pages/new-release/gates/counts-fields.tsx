import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { FormErrors } from '../../../ui/form-errors.ts';
import { FlagSetting } from './flag-setting.tsx';
import type { CountsSource, GateGround } from './gate-kinds.ts';
import {
  ChoiceSetting,
  NumberSetting,
  Pair,
  QuerySetting,
  SourceSetting,
  TextSetting,
  YesSetting,
} from './settings.tsx';

const kinds = [
  { value: 'traffic', label: msg`The traffic target counts` },
  { value: 'flag', label: msg`SDKs measure (flags.run)` },
  { value: 'mismatches', label: msg`Differences of old and new (flags.migrate)` },
  { value: 'prometheus', label: msg`Prometheus counts` },
] as const;

const noArm = { total: '', bad: '' };

interface CountsFieldsProps {
  project: string;
  ground: GateGround;
  of: CountsSource;
  errors: FormErrors;
  onChange: (of: CountsSource) => void;
}

/** Where a gate's counts come from, and what of them is bad. */
export function CountsFields({ of, onChange, ...rest }: CountsFieldsProps) {
  return (
    <fieldset className="flex flex-col gap-3 rounded-sm border border-line p-3">
      <legend className="sr-only">
        <Trans>What it counts</Trans>
      </legend>
      <ChoiceSetting
        label={t`What it counts`}
        value={of.kind}
        options={kinds}
        onChange={(kind) => onChange(freshSource(kind))}
        error={rest.errors.of}
      />
      {of.kind === 'flag' && <MeasuredFields of={of} onChange={onChange} {...rest} />}
      {of.kind === 'mismatches' && (
        <Pair>
          <FlagSetting {...rest} value={of.flag} onChange={(flag) => onChange({ ...of, flag })} place="of.flag" />
          <ChoiceSetting
            label={t`Of which calls`}
            value={of.path ?? 'read'}
            options={[
              { value: 'read', label: t`reads of flags.migrate` },
              { value: 'shadow', label: 'flags.shadow' },
            ]}
            onChange={(path) => onChange({ ...of, path: path === 'read' ? undefined : path })}
          />
        </Pair>
      )}
      {of.kind === 'prometheus' && <PrometheusCounts of={of} onChange={onChange} {...rest} />}
    </fieldset>
  );
}

interface PartProps<K extends CountsSource['kind']> extends Omit<CountsFieldsProps, 'of'> {
  of: Extract<CountsSource, { kind: K }>;
}

function MeasuredFields({ of, onChange, ground, errors }: PartProps<'flag'>) {
  const { flag, path = '', aboveMs, by = 'variant' } = of;
  return (
    <Pair>
      <FlagSetting
        {...{ ground, errors, value: flag, place: 'of.flag' }}
        onChange={(next) => onChange({ ...of, flag: next })}
      />
      <TextSetting
        label={t`Code path`}
        value={path}
        placeholder={t`run`}
        onChange={(next) => onChange({ ...of, path: next === '' ? undefined : next })}
      />
      <ChoiceSetting
        label={t`What is told apart`}
        value={by}
        options={[
          { value: 'variant', label: t`variants of the flag` },
          { value: 'version', label: t`versions of the deploy` },
        ]}
        onChange={(next) => onChange({ ...of, by: next === 'variant' ? undefined : next })}
        error={errors['of.by']}
      />
      <ChoiceSetting
        label={t`What is bad`}
        value={aboveMs === undefined ? 'failed' : 'slow'}
        options={[
          { value: 'failed', label: t`what failed` },
          { value: 'slow', label: t`what took too long` },
        ]}
        onChange={(next) => onChange({ ...of, aboveMs: next === 'slow' ? 500 : undefined })}
      />
      {aboveMs !== undefined && (
        <NumberSetting
          label={t`Too long is more than, ms`}
          value={aboveMs}
          fallback={aboveMs}
          onChange={(next) => next !== undefined && onChange({ ...of, aboveMs: next })}
          {...{ min: 0.001, max: 3_600_000, digits: 3 }}
        />
      )}
    </Pair>
  );
}

function PrometheusCounts({ of, onChange, project, errors }: PartProps<'prometheus'>) {
  const { source, candidate, baseline } = of;
  const error = (place: string) => errors[`of.${place}`];
  return (
    <>
      <SourceSetting
        {...{ project, value: source, error: error('source') }}
        onChange={(next) => onChange({ ...of, source: next })}
      />
      <QuerySetting
        label={t`How often the candidate ran in a step`}
        value={candidate.total}
        placeholder={'sum(increase(requests_total{version="$candidate"}[$step]))'}
        onChange={(total) => onChange({ ...of, candidate: { ...candidate, total } })}
        error={error('candidate.total')}
      />
      <QuerySetting
        label={t`How often that was bad`}
        value={candidate.bad}
        onChange={(bad) => onChange({ ...of, candidate: { ...candidate, bad } })}
        error={error('candidate.bad')}
      />
      <YesSetting
        label={t`Compare with the baseline`}
        checked={baseline !== undefined}
        onChange={(isCompared) => onChange({ ...of, baseline: isCompared ? noArm : undefined })}
      >
        {baseline && (
          <div className="flex flex-col gap-3">
            <QuerySetting
              label={t`How often the baseline ran in a step`}
              value={baseline.total}
              onChange={(total) => onChange({ ...of, baseline: { ...baseline, total } })}
              error={error('baseline.total')}
            />
            <QuerySetting
              label={t`How often the baseline was bad`}
              value={baseline.bad}
              onChange={(bad) => onChange({ ...of, baseline: { ...baseline, bad } })}
              error={error('baseline.bad')}
            />
          </div>
        )}
      </YesSetting>
      {error('baseline') && <p className="text-danger-ink text-xs">{error('baseline')}</p>}
    </>
  );
}

function freshSource(kind: CountsSource['kind']): CountsSource {
  return kind === 'prometheus' ? { kind, source: '', candidate: noArm, baseline: noArm } : { kind };
}
