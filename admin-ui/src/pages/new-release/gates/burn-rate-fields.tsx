import { msg, t } from '@lingui/core/macro';
import { CountsFields } from './counts-fields.tsx';
import type { KindFieldsProps } from './kind-fields.tsx';
import { QuietFields } from './quiet-fields.tsx';
import { ChoiceSetting, Pair, PercentSetting } from './settings.tsx';

const profiles = [
  { value: 'release', label: msg`for a release: 0.5% of 30 days in 5 min` },
  { value: 'release_slow', label: msg`for a slow one: 0.1% in 5 min` },
  { value: 'page', label: msg`as one would page: 2% in 1 h, or 5% in 6 h` },
  { value: 'ticket', label: msg`as one would write a ticket: 10% in 1 or 3 d` },
] as const;

/** What share is promised, and how fast the rest may be used up. */
export function BurnRateFields({ gate, change, ...rest }: KindFieldsProps<'burn_rate'>) {
  return (
    <>
      <Pair>
        <PercentSetting
          label={t`Good ones that are promised, %`}
          value={gate.objective}
          onChange={(objective) => objective !== undefined && change({ objective })}
          {...{ min: 0.5, max: 0.999999, error: rest.errors.objective }}
        />
        <ChoiceSetting
          label={t`How fast is too fast`}
          value={gate.profile ?? 'release'}
          options={profiles}
          onChange={(profile) => change({ profile })}
        />
      </Pair>
      <CountsFields of={gate.of} onChange={(of) => change({ of })} {...rest} />
      <QuietFields gate={gate} change={change} />
    </>
  );
}
