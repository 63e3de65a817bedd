import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Release } from '../../api/types.ts';
import { describeExposure } from '../../releases/describe-exposure.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { NumberInput } from '../../ui/number-input.tsx';
import { Select } from '../../ui/select.tsx';
import type { ActInput } from './act-wish.ts';
import type { ReleaseAct } from './offered-acts.ts';

interface ActFieldsProps {
  act: ReleaseAct;
  release: Release;
  input: ActInput;
  /** What is wrong with what was typed. */
  error: string | undefined;
  onChange: (input: ActInput) => void;
}

/** What an act takes. */
export function ActFields({ act, release, input, error, onChange }: ActFieldsProps) {
  const set = (change: Partial<ActInput>) => onChange({ ...input, ...change });
  const reason = (
    <Field label={t`Reason`} error={error}>
      <TextInput value={input.reason} onChange={(next) => set({ reason: next })} maxLength={1000} />
    </Field>
  );
  switch (act) {
    case 'pause':
    case 'abort':
      return reason;
    case 'rollback':
      return (
        <>
          {reason}
          <GradualFields input={input} set={set} />
        </>
      );
    case 'schedule':
      return (
        <Field label={t`Start at`} error={error}>
          <TextInput type="datetime-local" value={input.moment} onChange={(next) => set({ moment: next })} />
        </Field>
      );
    case 'set_weight':
      return (
        <div className="flex flex-col gap-2">
          {input.traffic !== undefined && (
            <ShareField name={t`Traffic`} value={input.traffic} onChange={(next) => set({ traffic: next })} />
          )}
          {input.flags !== undefined && (
            <ShareField name={t`Flags`} value={input.flags} onChange={(next) => set({ flags: next })} />
          )}
        </div>
      );
    case 'start':
      return (
        <Choice
          label={t`Take over from releases on the same targets`}
          hint={t`Another one that goes forward there is left as it is, and this one goes on with what it has out.`}
          checked={input.supersede}
          onChange={(next) => set({ supersede: next })}
        />
      );
    case 'retry':
      if (release.stage === 0) return null;
      return (
        <Field label={t`From stage`}>
          <Select
            value={String(input.stage)}
            options={release.stages.slice(0, release.stage + 1).map((stage, at) => ({
              value: String(at),
              label: `${at + 1}: ${describeExposure(stage)}`,
            }))}
            onChange={(next) => set({ stage: Number(next) })}
          />
        </Field>
      );
    default:
      return null;
  }
}

interface PartProps {
  input: ActInput;
  set: (change: Partial<ActInput>) => void;
}

function GradualFields({ input: { isGradual, steps, everySeconds }, set }: PartProps) {
  return (
    <>
      <Choice
        label={t`In steps`}
        hint={t`For a baseline that has grown cold, and would break under everyone at once.`}
        checked={isGradual}
        onChange={(next) => set({ isGradual: next })}
      />
      {isGradual && (
        <div className="flex flex-wrap items-center gap-2 text-ink-2">
          <Trans>
            <div className="w-20">
              <NumberInput label={t`Steps`} value={steps} onChange={(next) => set({ steps: next })} min={2} max={100} />
            </div>
            steps, one each
            <div className="w-24">
              <NumberInput
                label={t`Seconds between steps`}
                value={everySeconds}
                onChange={(next) => set({ everySeconds: next })}
                min={1}
                max={86_400}
                unit="s"
              />
            </div>
          </Trans>
        </div>
      )}
    </>
  );
}

function ShareField({ name, value, onChange }: { name: string; value: number; onChange: (next: number) => void }) {
  return (
    <div className="flex items-center gap-2">
      <span className="w-14 text-ink-2">{name}</span>
      <div className="w-28">
        <NumberInput
          label={t`Share of the candidate, ${name.toLowerCase()}`}
          {...{ value, onChange, min: 0, max: 100, digits: 3, unit: '%' }}
        />
      </div>
      <span className="text-ink-3 text-xs">
        <Trans>gets the candidate</Trans>
      </span>
    </div>
  );
}

interface ChoiceProps {
  label: string;
  hint: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

function Choice({ label, hint, checked, onChange }: ChoiceProps) {
  return (
    <div className="flex items-start gap-2.5">
      <Checkbox label={label} checked={checked} onChange={onChange} />
      <div className="min-w-0">
        <p className="text-ink">{label}</p>
        <p className="text-ink-3 text-xs">{hint}</p>
      </div>
    </div>
  );
}
