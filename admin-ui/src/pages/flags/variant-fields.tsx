import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Plus, X } from 'lucide-react';
import type { FlagType } from '../../api/types.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextArea, TextInput } from '../../ui/field.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import type { VariantDraft } from './flag-draft.ts';

interface VariantFieldsProps {
  type: Exclude<FlagType, 'boolean'>;
  variants: readonly VariantDraft[];
  errors: FormErrors;
  onChange: (variants: readonly VariantDraft[]) => void;
}

/** What the first variant's value might be, and any other's. */
const examples = {
  string: ['green', 'blue'],
  number: ['0.25', '0.5'],
  object: ['{"limit": 10}', '{"limit": 100}'],
} as const;

/** The variants of a new flag: a name and a value each. */
export function VariantFields({ type, variants, errors, onChange }: VariantFieldsProps) {
  const change = (index: number, part: Partial<VariantDraft>) =>
    onChange(variants.map((variant, at) => (at === index ? { ...variant, ...part } : variant)));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 font-medium text-xs">
        <Trans>Variants</Trans>
      </legend>
      {variants.map((variant, at) => {
        const nameError = errors[`variants[${at}].name`];
        const valueError = errors[`variants[${at}].value`];
        return (
          <div key={at} className="flex flex-col gap-1">
            <div className="flex items-start gap-2">
              <div className="w-36 shrink-0 sm:w-44">
                <TextInput
                  mono
                  aria-label={t`Name of variant ${at + 1}`}
                  aria-invalid={nameError !== undefined || undefined}
                  placeholder={at === 0 ? 'treatment' : 'control'}
                  autoComplete="off"
                  autoCapitalize="none"
                  value={variant.name}
                  onChange={(name) => change(at, { name })}
                />
              </div>
              <div className="min-w-0 flex-1">
                {type === 'object' ? (
                  <TextArea
                    mono
                    rows={2}
                    label={t`Value of variant ${at + 1}`}
                    invalid={valueError !== undefined}
                    placeholder={examples[type][at === 0 ? 0 : 1]}
                    value={variant.text}
                    onChange={(text) => change(at, { text })}
                  />
                ) : (
                  <TextInput
                    mono
                    aria-label={t`Value of variant ${at + 1}`}
                    aria-invalid={valueError !== undefined || undefined}
                    inputMode={type === 'number' ? 'decimal' : 'text'}
                    placeholder={examples[type][at === 0 ? 0 : 1]}
                    autoComplete="off"
                    value={variant.text}
                    onChange={(text) => change(at, { text })}
                  />
                )}
              </div>
              <IconButton
                label={t`Remove variant ${at + 1}`}
                disabled={variants.length === 1}
                onClick={() => onChange(variants.filter((_, other) => other !== at))}
              >
                <X aria-hidden />
              </IconButton>
            </div>
            {(nameError ?? valueError) && (
              <p role="alert" className="text-danger-ink text-xs">
                {nameError ?? valueError}
              </p>
            )}
          </div>
        );
      })}
      <div className="flex items-center gap-3">
        <Button look="quiet" className="-ms-1.5" onClick={() => onChange([...variants, { name: '', text: '' }])}>
          <Trans>
            <Plus aria-hidden />
            Add a variant
          </Trans>
        </Button>
        <p className="text-ink-3 text-xs">
          <Trans>When on, everyone gets the first; when off, the last.</Trans>
        </p>
      </div>
    </fieldset>
  );
}
