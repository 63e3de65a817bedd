import { t } from '@lingui/core/macro';
import type { GateOf } from './gate-kinds.ts';
import { NumberSetting, Pair } from './settings.tsx';

const usual = 3;

interface SteadyFieldsProps {
  gate: Pick<GateOf<'http'>, 'failAfter' | 'passAfter'>;
  change: (part: { failAfter?: number | undefined; passAfter?: number | undefined }) => void;
}

/** How many looks in a row it takes. */
export function SteadyFields({ gate: { failAfter, passAfter }, change }: SteadyFieldsProps) {
  return (
    <Pair>
      <NumberSetting
        label={t`Fails after bad looks in a row`}
        value={failAfter}
        fallback={usual}
        onChange={(next) => change({ failAfter: next })}
        {...{ min: 1, max: 100 }}
      />
      <NumberSetting
        label={t`Passes after good looks in a row`}
        value={passAfter}
        fallback={usual}
        onChange={(next) => change({ passAfter: next })}
        {...{ min: 1, max: 100 }}
      />
    </Pair>
  );
}
