import { msg, t } from '@lingui/core/macro';
import type { GateOf } from './gate-kinds.ts';
import type { KindFieldsProps } from './kind-fields.tsx';
import { ChoiceSetting, NumberSetting, QuerySetting, SourceSetting, YesSetting } from './settings.tsx';
import { SteadyFields } from './steady-fields.tsx';

const bounds = [
  { value: 'atMost', label: msg`at most` },
  { value: 'atLeast', label: msg`at least` },
  { value: 'both', label: msg`between` },
] as const;

const limits = { min: -1e12, max: 1e12, digits: 6 };

/** Which number, and between what it is good. */
export function PrometheusFields({ project, gate, errors, change }: KindFieldsProps<'prometheus'>) {
  const { baseline, compare = 'ratio', atLeast, atMost } = gate;
  return (
    <>
      <SourceSetting
        {...{ project, value: gate.source, error: errors.source }}
        onChange={(source) => change({ source })}
      />
      <QuerySetting
        label={t`Query`}
        value={gate.query}
        hint={t`PromQL that gives one number; $candidate and $baseline stand for the versions of the release.`}
        onChange={(query) => change({ query })}
        error={errors.query}
      />
      <YesSetting
        label={t`In relation to the baseline`}
        checked={baseline !== undefined}
        onChange={(isRelated) => change({ baseline: isRelated ? '' : undefined, compare: undefined })}
      >
        <div className="flex flex-col gap-3">
          <QuerySetting
            label={t`Query of the baseline`}
            value={baseline ?? ''}
            onChange={(next) => change({ baseline: next })}
            error={errors.baseline}
          />
          <ChoiceSetting
            label={t`Which relation`}
            value={compare}
            options={[
              { value: 'ratio', label: t`times the baseline` },
              { value: 'difference', label: t`difference to the baseline` },
            ]}
            onChange={(next) => change({ compare: next === 'ratio' ? undefined : next })}
          />
        </div>
      </YesSetting>
      <div className="grid gap-3 sm:grid-cols-3">
        <ChoiceSetting
          label={t`Good is`}
          value={boundsOf(gate)}
          options={bounds}
          onChange={(next) =>
            change({
              atLeast: next === 'atMost' ? undefined : (atLeast ?? Math.min(0, atMost ?? 0)),
              atMost: next === 'atLeast' ? undefined : (atMost ?? Math.max(1, atLeast ?? 1)),
            })
          }
        />
        {atLeast !== undefined && (
          <NumberSetting
            label={t`Least`}
            value={atLeast}
            fallback={atLeast}
            onChange={(next) => next !== undefined && change({ atLeast: next })}
            {...{ ...limits, error: errors.atLeast }}
          />
        )}
        {atMost !== undefined && (
          <NumberSetting
            label={t`Most`}
            value={atMost}
            fallback={atMost}
            onChange={(next) => next !== undefined && change({ atMost: next })}
            {...{ ...limits, error: errors.atMost }}
          />
        )}
      </div>
      <SteadyFields gate={gate} change={change} />
    </>
  );
}

function boundsOf({ atLeast, atMost }: GateOf<'prometheus'>): 'atMost' | 'atLeast' | 'both' {
  if (atLeast === undefined) return 'atMost';
  return atMost === undefined ? 'atLeast' : 'both';
}
