import { BUCKET_COUNT } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Flag } from '../../api/types.ts';
import { onOffVariants } from '../../flags/describe-serve.ts';
import { variantColor } from '../../flags/variant-color.ts';
import {
  formatPercent,
  percentOf,
  setWeight,
  spreadEvenly,
  type Weight,
  weightOfPercent,
  weightsOfBoundaries,
} from '../../flags/weights.ts';
import { Button } from '../../ui/button.tsx';
import { NumberInput } from '../../ui/number-input.tsx';
import { SplitSlider } from '../../ui/split-slider.tsx';
import { Swatch } from '../../ui/swatch.tsx';

interface SplitEditorProps {
  flag: Flag;
  /** Where the split is, for accessible names: "default rule in production". */
  place: string;
  weights: readonly Weight[];
  onChange: (weights: readonly Weight[]) => void;
}

/** Who gets how much. Slider and numbers say the same; the shares always add up to 100 %. */
export function SplitEditor({ flag, place, weights, onChange }: SplitEditorProps) {
  const pair = onOffVariants(flag);
  const shownFirst = pair ? [...weights].sort((a) => (a.variant === pair.on ? -1 : 1)) : weights;
  const parts = shownFirst.map(({ variant, weightPer100k }) => ({
    name: variant,
    share: weightPer100k,
    color: variantColor(flag, variant),
  }));
  const setShare = (variant: string, percent: number) => {
    const at = shownFirst.findIndex((weight) => weight.variant === variant);
    onChange(setWeight(shownFirst, at, weightOfPercent(percent)));
  };
  const rows = pair ? shownFirst.slice(0, 1) : shownFirst;
  return (
    <div className="flex flex-col gap-1">
      {shownFirst.length > 1 && (
        <SplitSlider
          parts={parts}
          total={BUCKET_COUNT}
          step={1_000}
          onChange={(boundaries) => onChange(weightsOfBoundaries(shownFirst, boundaries))}
          thumbLabel={(index) =>
            pair ? t`Percent of ${pair.on}, ${place}` : t`End of ${shownFirst[index]?.variant ?? ''}, ${place}`
          }
          valueText={(value) => formatPercent(value)}
        />
      )}
      <ul className="flex flex-col gap-1">
        {rows.map(({ variant, weightPer100k }) => (
          <li key={variant} className="flex items-center gap-2.5">
            <Swatch color={variantColor(flag, variant)} />
            <span className="min-w-0 flex-1 truncate font-mono text-xs" title={variant}>
              {variant}
            </span>
            {pair && (
              <span className="text-ink-3 text-xs tabular-nums">
                {formatPercent(BUCKET_COUNT - weightPer100k)} {pair.off}
              </span>
            )}
            <div className="w-24 shrink-0">
              <NumberInput
                label={t`Percent of ${variant}, ${place}`}
                value={percentOf(weightPer100k)}
                min={0}
                max={100}
                digits={3}
                unit="%"
                onChange={(percent) => setShare(variant, percent)}
              />
            </div>
          </li>
        ))}
      </ul>
      {rows.length > 2 && (
        <div>
          <Button look="quiet" className="-ms-2" onClick={() => onChange(spreadEvenly(weights))}>
            <Trans>Spread evenly</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}
