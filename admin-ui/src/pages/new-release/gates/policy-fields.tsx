import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Gate } from '../../../api/types.ts';
import { DurationInput } from '../../../releases/duration-input.tsx';
import { Field } from '../../../ui/field.tsx';
import type { FormErrors } from '../../../ui/form-errors.ts';
import { Select } from '../../../ui/select.tsx';
import { ChoiceSetting, Pair, YesSetting } from './settings.tsx';

const failures = [
  { value: 'abort', label: msg`take the release back` },
  { value: 'pause', label: msg`pause it` },
  { value: 'hold', label: msg`wait until it recovers` },
] as const;
const doubts = [
  { value: 'hold', label: msg`wait` },
  { value: 'pass', label: msg`go on all the same` },
  { value: 'abort', label: msg`take the release back` },
] as const;
const losses = [
  { value: 'hold', label: msg`wait` },
  { value: 'pause', label: msg`pause it` },
  { value: 'abort', label: msg`take it back` },
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
          label={t`When it fails`}
          // A release that goes forward is taken back by an abort; both words mean that.
          value={onFailure === 'rollback' ? 'abort' : onFailure}
          options={failures}
          onChange={(next) => change({ onFailure: next })}
        />
        <ChoiceSetting
          label={t`When it cannot say before time is up`}
          value={onInconclusive}
          options={doubts}
          onChange={(next) => change({ onInconclusive: next })}
          error={errors.onInconclusive}
        />
        <Field label={t`Looks every`}>
          <DurationInput
            label={t`Looks every`}
            value={everySeconds}
            none={t`as its kind does`}
            onChange={(next) => change({ everySeconds: next })}
            {...{ min: 1, max: 3_600 }}
          />
        </Field>
      </Pair>
      <YesSetting
        label={t`Do not wait for ever when it cannot be asked`}
        checked={loss !== undefined}
        onChange={(isBound) => change({ onProviderLoss: isBound ? lossOf(600, 'pause') : undefined })}
      >
        {loss && (
          <div className="flex flex-wrap items-center gap-2 text-ink-2 text-xs">
            <Trans>
              after
              <span className="w-24">
                <DurationInput
                  label={t`When it cannot be asked for`}
                  value={loss.afterSeconds}
                  onChange={(next) => next !== undefined && change({ onProviderLoss: lossOf(next, loss.then) })}
                  {...{ min: 1, max: 7 * 86_400 }}
                />
              </span>
              <span className="w-36">
                <Select
                  label={t`What follows then`}
                  value={loss.then}
                  options={losses}
                  onChange={(then) => change({ onProviderLoss: lossOf(loss.afterSeconds, then) })}
                />
              </span>
            </Trans>
          </div>
        )}
      </YesSetting>
      <YesSetting
        label={t`Dry run`}
        hint={t`It is judged, and says what it would ask for; nothing follows.`}
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
