import { t } from '@lingui/core/macro';
import { DurationInput } from '../../releases/duration-input.tsx';
import type { ReleaseSpec } from '../../releases/release-spec.ts';
import { Field } from '../../ui/field.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Panel } from '../../ui/panel.tsx';

const daySeconds = 86_400;

interface AfterFieldsProps {
  draft: ReleaseSpec;
  errors: FormErrors;
  onChange: (part: Partial<ReleaseSpec>) => void;
}

/** What comes after the last stage, and the ways back. */
export function AfterFields({ draft, errors, onChange }: AfterFieldsProps) {
  const { bakeSeconds, rollbackWindowSeconds, leaseSeconds } = draft;
  return (
    <Panel title={t`Afterwards, and the ways back`}>
      <div className="grid items-start gap-4 px-4 py-3 sm:grid-cols-3">
        <Field
          label={t`Bake for`}
          hint={t`Watched with everyone on it, before it has succeeded.`}
          error={errors.bakeSeconds}
        >
          <DurationInput
            label={t`Bake for`}
            value={bakeSeconds}
            max={90 * daySeconds}
            onChange={(next) => next !== undefined && onChange({ bakeSeconds: next })}
          />
        </Field>
        <Field
          label={t`Can be rolled back for`}
          hint={t`After it has succeeded. Before that it can be aborted at any time.`}
          error={errors.rollbackWindowSeconds}
        >
          <DurationInput
            label={t`Can be rolled back for`}
            value={rollbackWindowSeconds}
            max={365 * daySeconds}
            onChange={(next) => next !== undefined && onChange({ rollbackWindowSeconds: next })}
          />
        </Field>
        <Field
          label={t`Falls back by itself after`}
          hint={t`Without a server that looks after it: a lease of what is exposed.`}
          error={errors.leaseSeconds}
        >
          <DurationInput
            label={t`Falls back by itself after`}
            value={leaseSeconds}
            none={t`never`}
            {...{ min: 5, max: daySeconds }}
            onChange={(next) => onChange({ leaseSeconds: next })}
          />
        </Field>
      </div>
    </Panel>
  );
}
