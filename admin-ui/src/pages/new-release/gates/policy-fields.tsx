import type { Gate } from '../../../api/types.ts';
import { DurationInput } from '../../../releases/duration-input.tsx';
import { Field } from '../../../ui/field.tsx';
import type { FormErrors } from '../../../ui/form-errors.ts';
import { Select } from '../../../ui/select.tsx';
import { ChoiceSetting, Pair, YesSetting } from './settings.tsx';

const failures = [
  { value: 'abort', label: 'take the release back' },
  { value: 'pause', label: 'pause it' },
  { value: 'hold', label: 'wait until it recovers' },
] as const;
const doubts = [
  { value: 'hold', label: 'wait' },
  { value: 'pass', label: 'go on all the same' },
  { value: 'abort', label: 'take the release back' },
] as const;
const losses = [
  { value: 'hold', label: 'wait' },
  { value: 'pause', label: 'pause it' },
  { value: 'abort', label: 'take it back' },
] as const;

interface PolicyFieldsProps {
  gate: Gate;
  errors: FormErrors;
  change: (part: Partial<{ [F in keyof Gate]: Gate[F] | undefined }>) => void;
}

/** What follows from what a gate says, and from its not knowing. */
export function PolicyFields({ gate, errors, change }: PolicyFieldsProps) {
  const { onFailure = 'abort', onInconclusive = 'hold', onProviderLoss: loss, dryRun = false, everySeconds } = gate;
  return (
    <>
      <Pair>
        <ChoiceSetting
          label="When it fails"
          // A release that goes forward is taken back by an abort; both words mean that.
          value={onFailure === 'rollback' ? 'abort' : onFailure}
          options={failures}
          onChange={(next) => change({ onFailure: next })}
        />
        <ChoiceSetting
          label="When it cannot say before time is up"
          value={onInconclusive}
          options={doubts}
          onChange={(next) => change({ onInconclusive: next })}
          error={errors.onInconclusive}
        />
        <Field label="Looks every">
          <DurationInput
            label="Looks every"
            value={everySeconds}
            none="as its kind does"
            onChange={(next) => change({ everySeconds: next })}
            {...{ min: 1, max: 3_600 }}
          />
        </Field>
      </Pair>
      <YesSetting
        label="Do not wait for ever when it cannot be asked"
        checked={loss !== undefined}
        onChange={(isBound) => change({ onProviderLoss: isBound ? lossOf(600, 'pause') : undefined })}
      >
        {loss && (
          <div className="flex flex-wrap items-center gap-2 text-ink-2 text-xs">
            after
            <span className="w-24">
              <DurationInput
                label="When it cannot be asked for"
                value={loss.afterSeconds}
                onChange={(next) => next !== undefined && change({ onProviderLoss: lossOf(next, loss.then) })}
                {...{ min: 1, max: 7 * 86_400 }}
              />
            </span>
            <span className="w-36">
              <Select
                label="What follows then"
                value={loss.then}
                options={losses}
                onChange={(then) => change({ onProviderLoss: lossOf(loss.afterSeconds, then) })}
              />
            </span>
          </div>
        )}
      </YesSetting>
      <YesSetting
        label="Dry run"
        hint="It is judged, and says what it would ask for; nothing follows."
        checked={dryRun}
        onChange={(isDry) => change({ dryRun: isDry || undefined })}
      />
    </>
  );
}

type Loss = NonNullable<Gate['onProviderLoss']>;

function lossOf(afterSeconds: number, then: Loss['then']): Loss {
  return { afterSeconds, then };
}
