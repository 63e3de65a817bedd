import { BUCKET_COUNT, type Split } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Plus, TrendingUp, X } from 'lucide-react';
import { useState } from 'react';
import { onOffVariants } from '../../flags/describe-serve.ts';
import { Button, buttonShape, IconButton } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { MomentInput } from '../../ui/moment-input.tsx';
import { useEditor } from './editor-context.ts';
import { type RampStep, rampPresets, stepsOf, stepsOfPreset, withSteps } from './ramp.ts';
import { RampPlot } from './ramp-plot.tsx';
import { draftOf } from './serve-draft.ts';
import { SplitEditor } from './split-editor.tsx';

interface RampFieldsProps {
  split: Split;
  /** For people: "default rule". */
  place: string;
  offVariant: string;
  onChange: (split: Split) => void;
}

const fiveMinutesMs = 5 * 60_000;
const dayMs = 24 * 60 * 60_000;

/** What a split becomes by time: steps, each reached at once or in a straight line, and the curve that they make. */
export function RampFields({ split, place, offVariant, onChange }: RampFieldsProps) {
  const { flag } = useEditor();
  // Of the moment when the editor was opened: a clock that ticks would move what is being edited.
  const [nowMs] = useState(Date.now);
  const steps = stepsOf(split, flag.variants, offVariant, nowMs);
  const set = (next: readonly RampStep[]) => onChange(withSteps(split, next, nowMs));
  const present = draftOf({ split }, flag, offVariant, nowMs);
  const weights = present.kind === 'split' ? present.weights : [];
  const isFull = (name: string) => weights.some((one) => one.variant === name && one.weightPer100k === BUCKET_COUNT);
  const grows =
    onOffVariants(flag)?.on ??
    flag.variants.find(({ name }) => name !== offVariant && !isFull(name))?.name ??
    offVariant;
  const startMs = Math.ceil((nowMs + 1) / fiveMinutesMs) * fiveMinutesMs;
  if (steps.length === 0) {
    return (
      <Menu
        label={t`Change by time: ${place}`}
        triggerClassName={`${buttonShape} -ms-2 w-fit text-ink-2 hover:bg-hover hover:text-ink`}
        trigger={
          <Trans>
            <TrendingUp aria-hidden />
            Change by time
          </Trans>
        }
      >
        {rampPresets.map((preset) => {
          const ready = stepsOfPreset(preset, weights, grows, startMs);
          if (ready.length === 0) return null;
          return (
            <MenuItem key={t(preset.label)} onSelect={() => set(ready)}>
              {t(preset.label)} {grows}
            </MenuItem>
          );
        })}
        <MenuItem onSelect={() => set([{ atMs: startMs + dayMs, weights, linear: false }])}>
          <Trans>One step</Trans>
        </MenuItem>
      </Menu>
    );
  }
  const last = steps.at(-1);
  return (
    <fieldset
      aria-label={t`Steps of the ${place}`}
      className="flex min-w-0 flex-col gap-3 border-line border-s-2 ps-2.5"
    >
      <RampPlot
        flag={flag}
        split={split}
        steps={steps}
        offVariant={offVariant}
        place={place}
        fromMs={Math.min(nowMs, startMs)}
      />
      {steps.map((step, at) => (
        <StepRow
          key={at}
          step={step}
          at={at}
          place={place}
          onChange={(next) => set(steps.map((other, index) => (index === at ? next : other)))}
          onRemove={() => set(straightened(steps.filter((_, index) => index !== at)))}
        />
      ))}
      <div className="flex flex-wrap gap-2">
        <Button
          look="quiet"
          className="-ms-2"
          onClick={() => last && set([...steps, { ...last, atMs: last.atMs + dayMs, linear: false }])}
        >
          <Trans>
            <Plus aria-hidden />
            Step
          </Trans>
        </Button>
        <Button look="quiet" onClick={() => set([])}>
          <Trans>Stay as it is now</Trans>
        </Button>
      </div>
    </fieldset>
  );
}

interface StepRowProps {
  step: RampStep;
  at: number;
  place: string;
  onChange: (step: RampStep) => void;
  onRemove: () => void;
}

function StepRow({ step, at, place, onChange, onRemove }: StepRowProps) {
  const { flag } = useEditor();
  const name = t`step ${at + 1} of the ${place}`;
  const change = (value: string | undefined) => {
    const atMs = Date.parse(value ?? '');
    if (!Number.isNaN(atMs)) onChange({ ...step, atMs });
  };
  return (
    <div className="flex min-w-0 flex-col gap-1 rounded-sm border border-line bg-canvas p-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-ink-2 text-xs">
        <Trans>
          <MomentInput label={t`Time of ${name}, in UTC`} value={new Date(step.atMs).toISOString()} onChange={change} />
          UTC
          {at > 0 && (
            // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is in it, under a component's name
            <label className="flex items-center gap-2">
              <Checkbox
                label={t`In a straight line, ${name}`}
                checked={step.linear}
                onChange={(linear) => onChange({ ...step, linear })}
              />
              <span aria-hidden>
                <Trans>in a straight line</Trans>
              </span>
            </label>
          )}
          <span className="ms-auto">
            <IconButton label={t`Remove ${name}`} onClick={onRemove}>
              <X aria-hidden />
            </IconButton>
          </span>
        </Trans>
      </div>
      <SplitEditor
        flag={flag}
        place={name}
        weights={step.weights}
        onChange={(weights) => onChange({ ...step, weights })}
      />
    </div>
  );
}

/** A line begins at a step: the first of all jumps. */
function straightened(steps: readonly RampStep[]): RampStep[] {
  return steps.map((step, at) => (at === 0 ? { ...step, linear: false } : step));
}
