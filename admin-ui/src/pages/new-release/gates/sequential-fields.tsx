import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { DurationInput } from '../../../releases/duration-input.tsx';
import { TokenInput } from '../../../ui/token-input.tsx';
import { CountsFields } from './counts-fields.tsx';
import type { GateOf } from './gate-kinds.ts';
import type { KindFieldsProps } from './kind-fields.tsx';
import { QuietFields } from './quiet-fields.tsx';
import { ChoiceSetting, NumberSetting, Pair, PercentSetting, YesSetting } from './settings.tsx';

type Test = GateOf<'sequential'>['test'];

const tests = [
  { value: 'relative_risk', label: msg`Errors, against the baseline` },
  { value: 'placebo_rank', label: msg`Errors that come in bursts, against the baseline` },
  { value: 'latency', label: msg`Slow calls, against the baseline` },
  { value: 'ceiling', label: msg`More bad ones than are allowed` },
  { value: 'crash', label: msg`A crash: far worse within seconds` },
] as const;

const usualPeriodSeconds = 3_600;
const usualStepSeconds = 5;

/** Is the candidate worse? What is tested, on what, and when enough was seen. */
export function SequentialFields({ gate, change, ...rest }: KindFieldsProps<'sequential'>) {
  const { test, proves } = gate;
  const set = (part: object) => change({ test: { ...test, ...part } as Test });
  return (
    <>
      <Pair>
        <ChoiceSetting
          label={t`What is tested`}
          value={test.kind}
          options={tests}
          onChange={(kind) => change({ test: freshTest(kind, test.alpha) })}
          error={rest.errors['test.kind'] ?? rest.errors.test}
        />
        <PercentSetting
          label={t`Chance of a false alarm, %`}
          value={test.alpha}
          onChange={(alpha) => set({ alpha })}
          {...{ min: 1e-9, max: 0.5, error: rest.errors['test.alpha'] }}
        />
        {'tolerance' in test && (
          <NumberSetting
            label={t`No harm up to, times the baseline`}
            value={test.tolerance}
            fallback={test.tolerance}
            onChange={(tolerance) => tolerance !== undefined && set({ tolerance })}
            {...{ min: 1, max: 10, digits: 3 }}
          />
        )}
        {'atMost' in test && (
          <PercentSetting
            label={t`Bad ones that are allowed, %`}
            value={test.atMost}
            onChange={(atMost) => set({ atMost })}
            {...{ min: 0.000001, max: test.kind === 'crash' ? 0.5 : 0.9 }}
          />
        )}
      </Pair>
      {'thresholdsMs' in test && (
        <div className="flex flex-col gap-1.5">
          <span className="font-medium text-xs">
            <Trans>Slow is more than, ms</Trans>
          </span>
          <TokenInput
            label={t`Slow is more than, ms`}
            tokens={test.thresholdsMs}
            onChange={(thresholdsMs) => thresholdsMs.length > 0 && set({ thresholdsMs })}
            parse={readMs}
            show={String}
          />
        </div>
      )}
      <YesSetting
        label={t`Look for harm from every moment on`}
        hint={t`For gates that judge for long: good hours make it no less alert. The chance of a false alarm is then of each such time.`}
        checked={test.periodMs !== undefined}
        onChange={(isWanted) => set({ periodMs: isWanted ? usualPeriodSeconds * 1_000 : undefined })}
      >
        <DurationInput
          label={t`Each time is`}
          value={(test.periodMs ?? 0) / 1_000}
          {...{ min: 60, max: 365 * 86_400 }}
          onChange={(seconds) => seconds !== undefined && set({ periodMs: seconds * 1_000 })}
        />
      </YesSetting>
      {test.kind === 'relative_risk' && (
        <YesSetting
          label={t`Count who fails again and again once`}
          hint={t`Once for each look, where SDKs tell who it is: first aid against errors in bursts.`}
          checked={test.unit === 'subjects'}
          onChange={(isWanted) => set({ unit: isWanted ? 'subjects' : undefined })}
        />
      )}
      {test.kind === 'placebo_rank' && (
        <NumberSetting
          label={t`A burst of errors lasts at most, s`}
          value={(test.stepMs ?? usualStepSeconds * 1_000) / 1_000}
          fallback={usualStepSeconds}
          onChange={(seconds) => set({ stepMs: seconds === undefined ? undefined : seconds * 1_000 })}
          {...{ min: 1, max: 60 }}
        />
      )}
      <CountsFields of={gate.of} onChange={(of) => change({ of })} {...rest} />
      <QuietFields gate={gate} change={change} />
      {'tolerance' in test && (
        <YesSetting
          label={t`Pass only what is proven`}
          hint={t`It passes as soon as the candidate is proven to be less bad than this, and not before. Else when nothing speaks against it.`}
          checked={proves !== undefined}
          onChange={(isWanted) => change({ proves: isWanted ? { lessThan: 2, beta: 0.05 } : undefined })}
        >
          {proves && (
            <Pair>
              <NumberSetting
                label={t`Less than, times the baseline`}
                value={proves.lessThan}
                fallback={proves.lessThan}
                onChange={(lessThan) => lessThan !== undefined && change({ proves: { ...proves, lessThan } })}
                {...{ min: 1.001, max: 100, digits: 3 }}
              />
              <PercentSetting
                label={t`Chance to be wrong in this, %`}
                value={proves.beta}
                onChange={(beta) => beta !== undefined && change({ proves: { ...proves, beta } })}
                {...{ min: 1e-9, max: 0.5 }}
              />
            </Pair>
          )}
        </YesSetting>
      )}
    </>
  );
}

function freshTest(kind: Test['kind'], alpha: number): Test {
  switch (kind) {
    case 'relative_risk':
      return { kind, alpha, tolerance: 1.5 };
    case 'placebo_rank':
      return { kind, alpha };
    case 'latency':
      return { kind, alpha, thresholdsMs: [500], tolerance: 1.5 };
    case 'ceiling':
      return { kind, alpha, atMost: 0.01 };
    case 'crash':
      return { kind, alpha, atMost: 0.05 };
  }
}

function readMs(text: string): { token: number } | { problem: string } {
  const ms = Number(text);
  return ms > 0 && Number.isFinite(ms) ? { token: ms } : { problem: t`Write milliseconds, such as 250.` };
}
