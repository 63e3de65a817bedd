import type { Json } from '@bunting/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Segmented } from '../ui/segmented.tsx';
import { TokenInput } from '../ui/token-input.tsx';
import { elementType, type ValueForm, valueTypeOf } from './operators.ts';

interface ComparisonValuesProps {
  values: readonly Json[];
  form: ValueForm;
  example: string | undefined;
  /** The attribute's, as it was seen. */
  type: string | undefined;
  place: string;
  onChange: (values: Json[]) => void;
}

const kinds = [
  { value: 'text', label: msg`Text` },
  { value: 'number', label: msg`Number` },
  { value: 'boolean', label: msg`Yes or no` },
] as const;

/** What an attribute is compared with, typed in the attribute's own type: `42` the number is never equal to `"42"` the text. */
export function ComparisonValues({ values, form, example, type, place, onChange }: ComparisonValuesProps) {
  const kind = valueTypeOf(form, type, values);
  const mixed = values.some((value) => typeof value !== (kind === 'text' ? 'string' : kind));
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      {kind === 'boolean' ? (
        <div className="flex h-8 items-center">
          <Segmented
            label={t`Value of ${place}`}
            value={values[0] === false ? 'false' : 'true'}
            options={[
              { value: 'true', label: 'true' },
              { value: 'false', label: 'false' },
            ]}
            onChange={(chosen) => onChange([chosen === 'true'])}
          />
        </div>
      ) : (
        <TokenInput<Json>
          label={t`Values of ${place}`}
          placeholder={example ?? (kind === 'number' ? t`42, then Enter` : t`value, then Enter`)}
          tokens={values}
          onChange={onChange}
          parse={kind === 'number' ? parseNumber : (text) => ({ token: text })}
          show={(value) => (typeof value === 'string' ? value : JSON.stringify(value))}
        />
      )}
      {mixed && (
        <p className="text-ink-2 text-xs">
          <Trans>Values of several types: each fits only an attribute of its own.</Trans>
        </p>
      )}
    </div>
  );
}

interface ValueKindProps {
  values: readonly Json[];
  /** The attribute's, as it was seen. */
  type: string | undefined;
  place: string;
  onChange: (values: Json[]) => void;
}

/** Chooses the type that values are typed in, where the attribute's own is not known. */
export function ValueKind({ values, type, place, onChange }: ValueKindProps) {
  if (['string', 'number', 'boolean'].includes(elementType(type) ?? '')) return null;
  return (
    <Segmented
      label={t`Type of the values of ${place}`}
      value={valueTypeOf('same', type, values)}
      options={kinds}
      onChange={(next) => onChange(values.length === 0 ? firstOf(next) : convert(values, next))}
    />
  );
}

function parseNumber(text: string): { token: Json } | { problem: string } {
  const number = Number(text);
  return text === '' || !Number.isFinite(number) ? { problem: t`“${text}” is no number.` } : { token: number };
}

/** What makes an empty list be typed as chosen. */
function firstOf(kind: 'text' | 'number' | 'boolean'): Json[] {
  return kind === 'boolean' ? [true] : kind === 'number' ? [0] : [];
}

/** As many of the values as can be said in the other type. */
function convert(values: readonly Json[], kind: 'text' | 'number' | 'boolean'): Json[] {
  if (kind === 'boolean') return [values[0] === true || values[0] === 'true'];
  if (kind === 'text') return values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return values.map(Number).filter(Number.isFinite);
}
