import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { dataSourcesQuery } from '../../../api/data-sources.ts';
import { useMayForCertain } from '../../../api/permissions.ts';
import type { Words } from '../../../locales/say.ts';
import { dataSourcesPath } from '../../../paths.ts';
import { toPercent, toShare } from '../../../safeguards/percent.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Field, TextArea, TextInput } from '../../../ui/field.tsx';
import { NumberInput } from '../../../ui/number-input.tsx';
import { Select } from '../../../ui/select.tsx';
import { optionsOf } from '../choice-options.ts';

interface NumberSettingProps {
  label: string;
  value: number | undefined;
  /** What counts when it is left out, as it is then. */
  fallback: number;
  onChange: (value: number | undefined) => void;
  min: number;
  max: number;
  digits?: number;
  hint?: string;
  error?: string | undefined;
}

/** A number; at its default it is left out. */
export function NumberSetting({ label, value, fallback, onChange, hint, error, ...bounds }: NumberSettingProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      <NumberInput
        label={label}
        value={value ?? fallback}
        onChange={(next) => onChange(next === fallback ? undefined : next)}
        {...bounds}
      />
    </Field>
  );
}

interface PercentSettingProps extends Omit<NumberSettingProps, 'fallback'> {
  /** A share, 0 to 1, as are `value`, `min` and `max`; undefined: it must be given. */
  fallback?: number;
}

/** A share, 0 to 1, typed in percent. */
export function PercentSetting({ value, fallback, onChange, min, max, digits = 4, ...rest }: PercentSettingProps) {
  return (
    <NumberSetting
      {...rest}
      value={value === undefined ? undefined : toPercent(value)}
      fallback={toPercent(fallback ?? value ?? min)}
      onChange={(next) => onChange(next === undefined ? (fallback === undefined ? value : undefined) : toShare(next))}
      {...{ min: toPercent(min), max: toPercent(max), digits }}
    />
  );
}

interface ChoiceSettingProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { readonly value: Value; readonly label: Words }[];
  onChange: (value: Value) => void;
  hint?: string;
  error?: string | undefined;
}

/** One of a few. */
export function ChoiceSetting<Value extends string>({ label, hint, error, ...select }: ChoiceSettingProps<Value>) {
  return (
    <Field label={label} hint={hint} error={error}>
      <Select {...select} />
    </Field>
  );
}

interface TextSettingProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string;
  placeholder?: string;
  error?: string | undefined;
}

/** A key, a path, a name of something. */
export function TextSetting({ label, hint, error, ...input }: TextSettingProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      <TextInput mono autoComplete="off" spellCheck={false} maxLength={200} {...input} />
    </Field>
  );
}

/** PromQL, or addresses: several lines. */
export function QuerySetting({ label, hint, error, ...area }: TextSettingProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      <TextArea mono rows={2} {...area} />
    </Field>
  );
}

interface SourceSettingProps {
  project: string;
  value: string;
  onChange: (source: string) => void;
  error: string | undefined;
}

/** Which data source is asked. */
export function SourceSetting({ project, value, onChange, error }: SourceSettingProps) {
  const mayRead = useMayForCertain(project)('signal:read');
  const { data = [], isSuccess } = useQuery({ ...dataSourcesQuery(project), enabled: mayRead });
  return (
    <Field
      label={t`Data source`}
      error={error}
      hint={
        isSuccess &&
        data.length === 0 && (
          <Trans>
            There is none in this project yet:{' '}
            <Link {...dataSourcesPath(project)} className="text-link underline">
              make one
            </Link>{' '}
            first.
          </Trans>
        )
      }
    >
      <Select value={value} options={optionsOf(data, value)} onChange={onChange} />
    </Field>
  );
}

interface YesSettingProps {
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  children?: ReactNode;
}

/** Something that is so, or not; with what belongs to it where it is. */
export function YesSetting({ label, hint, checked, onChange, children }: YesSettingProps) {
  return (
    <div className="flex items-start gap-2.5">
      <Checkbox label={label} checked={checked} onChange={onChange} />
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <div>
          <p>{label}</p>
          {hint && <p className="text-ink-3 text-xs">{hint}</p>}
        </div>
        {checked && children}
      </div>
    </div>
  );
}

/** Two settings side by side, where there is room. */
export function Pair({ children }: { children: ReactNode }) {
  return <div className="grid gap-3 sm:grid-cols-2">{children}</div>;
}
