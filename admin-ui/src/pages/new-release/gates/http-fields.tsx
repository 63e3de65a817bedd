import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { DurationInput } from '../../../releases/duration-input.tsx';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';
import type { FormErrors } from '../../../ui/form-errors.ts';
import type { GateOf } from './gate-kinds.ts';
import type { KindFieldsProps } from './kind-fields.tsx';
import { type PlainValue, readPlain, showPlain } from './plain-value.ts';
import { NumberSetting, Pair, QuerySetting, TextSetting, YesSetting } from './settings.tsx';
import { SteadyFields } from './steady-fields.tsx';

type Says = NonNullable<GateOf<'http'>['says']>;

const usualTimeoutSeconds = 5;

/** Which instances are asked, and what a good answer is. */
export function HttpFields({ gate, errors, change }: KindFieldsProps<'http'>) {
  const { urls, status, says, timeoutMs } = gate;
  const wrongUrl = Object.entries(errors).find(([place]) => place.startsWith('urls'))?.[1];
  return (
    <>
      <QuerySetting
        label={t`Addresses`}
        value={urls.join('\n')}
        placeholder="https://$candidate.shop.example.com/ready"
        hint={t`One a line, of every new instance; $candidate stands for its version.`}
        onChange={(text) => change({ urls: text === '' ? [] : text.split('\n') })}
        error={wrongUrl}
      />
      <Pair>
        <Field label={t`Answers within`}>
          <DurationInput
            label={t`Answers within`}
            value={timeoutMs === undefined ? usualTimeoutSeconds : timeoutMs / 1_000}
            onChange={(seconds) =>
              change({ timeoutMs: seconds === usualTimeoutSeconds ? undefined : (seconds ?? 1) * 1_000 })
            }
            {...{ min: 1, max: 30 }}
          />
        </Field>
        <YesSetting
          label={t`Ready is one status alone`}
          hint={status === undefined ? t`Else any of 200 to 299.` : ''}
          checked={status !== undefined}
          onChange={(isOne) => change({ status: isOne ? 200 : undefined })}
        >
          <NumberSetting
            label={t`Status`}
            value={status}
            fallback={200}
            onChange={(next) => change({ status: next ?? 200 })}
            {...{ min: 100, max: 599 }}
          />
        </YesSetting>
      </Pair>
      <SaysFields
        errors={errors}
        says={says ?? []}
        onChange={(next) => change({ says: next.length === 0 ? undefined : next })}
      />
      <SteadyFields gate={gate} change={change} />
    </>
  );
}

interface SaysFieldsProps {
  says: Says;
  errors: FormErrors;
  onChange: (says: Says) => void;
}

/** What its answer says of what it depends on. */
function SaysFields({ says, errors, onChange }: SaysFieldsProps) {
  const set = (at: number, part: Partial<Says[number]>) =>
    onChange(says.map((one, other) => (other === at ? { ...one, ...part } : one)));
  return (
    <div className="flex flex-col gap-2">
      {says.map(({ path, equals }, at) => (
        <div key={at} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-end gap-2">
          <TextSetting
            label={t`Its answer at`}
            value={path}
            placeholder="checks.database.status"
            onChange={(next) => set(at, { path: next })}
            error={errors[`says[${at}].path`]}
          />
          <PlainSetting value={equals} onChange={(next) => set(at, { equals: next })} />
          <IconButton
            label={t`Remove ${path || t`this`}`}
            onClick={() => onChange(says.filter((_, other) => other !== at))}
          >
            <X aria-hidden />
          </IconButton>
        </div>
      ))}
      <div>
        <Button look="quiet" disabled={says.length >= 20} onClick={() => onChange([...says, { path: '', equals: '' }])}>
          <Trans>
            <Plus aria-hidden />
            Look into its answer
          </Trans>
        </Button>
      </div>
    </div>
  );
}

/** While it is typed it stays as it is typed: `1.0` may become `1.0.3`. */
function PlainSetting({ value, onChange }: { value: PlainValue; onChange: (value: PlainValue) => void }) {
  const [typed, setTyped] = useState<string>();
  return (
    <Field label={t`is`}>
      <TextInput
        mono
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        placeholder={t`ok`}
        value={typed ?? showPlain(value)}
        onChange={(text) => {
          setTyped(text);
          onChange(readPlain(text));
        }}
        onBlur={() => setTyped(undefined)}
      />
    </Field>
  );
}
