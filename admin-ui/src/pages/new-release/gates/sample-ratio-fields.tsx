import { t } from '@lingui/core/macro';
import { FlagSetting } from './flag-setting.tsx';
import type { KindFieldsProps } from './kind-fields.tsx';
import { QuietFields } from './quiet-fields.tsx';
import { Pair, PercentSetting } from './settings.tsx';

const usualAlpha = 0.001;

/** Whose split it looks at, and how sure it must be. */
export function SampleRatioFields({ gate, change, ground, errors }: KindFieldsProps<'sample_ratio'>) {
  return (
    <>
      <Pair>
        <FlagSetting {...{ ground, errors, value: gate.flag, place: 'flag' }} onChange={(flag) => change({ flag })} />
        <PercentSetting
          label={t`Chance of a false alarm, %`}
          value={gate.alpha}
          fallback={usualAlpha}
          onChange={(alpha) => change({ alpha })}
          {...{ min: 1e-9, max: 0.5, error: errors.alpha }}
        />
      </Pair>
      <QuietFields gate={gate} change={change} />
    </>
  );
}
