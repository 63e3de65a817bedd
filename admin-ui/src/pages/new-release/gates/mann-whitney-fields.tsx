import { msg, t } from '@lingui/core/macro';
import type { KindFieldsProps } from './kind-fields.tsx';
import { ChoiceSetting, NumberSetting, Pair, PercentSetting, QuerySetting, SourceSetting } from './settings.tsx';

const directions = [
  { value: 'increase', label: msg`that it is higher` },
  { value: 'decrease', label: msg`that it is lower` },
  { value: 'either', label: msg`either` },
] as const;

/** Which two gauges, and what shift of them is harm. */
export function MannWhitneyFields({ project, gate, errors, change }: KindFieldsProps<'mann_whitney'>) {
  return (
    <>
      <SourceSetting
        {...{ project, value: gate.source, error: errors.source }}
        onChange={(source) => change({ source })}
      />
      <QuerySetting
        label={t`Query of the candidate`}
        value={gate.query}
        onChange={(query) => change({ query })}
        error={errors.query}
      />
      <QuerySetting
        label={t`Query of the baseline`}
        value={gate.baseline}
        onChange={(baseline) => change({ baseline })}
        error={errors.baseline}
      />
      <Pair>
        <ChoiceSetting
          label={t`What is harm`}
          value={gate.direction ?? 'increase'}
          options={directions}
          onChange={(direction) => change({ direction: direction === 'increase' ? undefined : direction })}
        />
        <NumberSetting
          label={t`By this factor at least`}
          value={gate.atLeastRatio}
          fallback={1.2}
          onChange={(atLeastRatio) => change({ atLeastRatio })}
          {...{ min: 1.001, max: 1_000, digits: 3 }}
        />
        <PercentSetting
          label={t`How sure, %`}
          value={gate.confidence}
          fallback={0.98}
          onChange={(confidence) => change({ confidence })}
          {...{ min: 0.5, max: 0.9999 }}
        />
        <NumberSetting
          label={t`Points of each side`}
          value={gate.minPoints}
          fallback={50}
          onChange={(minPoints) => change({ minPoints })}
          {...{ min: 10, max: 500, hint: t`Before it says anything.` }}
        />
        <NumberSetting
          label={t`Tolerance, parts of the shift`}
          value={gate.tolerance}
          fallback={0.25}
          onChange={(tolerance) => change({ tolerance })}
          {...{ min: 0, max: 10, digits: 3 }}
        />
      </Pair>
    </>
  );
}
