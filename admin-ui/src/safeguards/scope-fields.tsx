import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Field, TextInput } from '../ui/field.tsx';
import type { FormErrors } from '../ui/form-errors.ts';
import { Select } from '../ui/select.tsx';
import type { SafeguardDraft } from './safeguard-draft.ts';

interface ScopeFieldsProps {
  draft: SafeguardDraft;
  errors: FormErrors;
  onChange: (part: Partial<SafeguardDraft>) => void;
}

/** Which variants are looked at, and of which versions of the deploy. */
export function ScopeFields({ draft, errors, onChange }: ScopeFieldsProps) {
  const hasErrors = ['candidate', 'baseline', 'deploy'].some((path) => errors[path] !== undefined);
  return (
    <details className="text-xs" open={hasErrors || undefined}>
      <summary className="w-fit cursor-pointer rounded-xs text-ink-3 hover:text-ink">
        <Trans>Variants and versions</Trans>
      </summary>
      <div className="mt-2 grid gap-4 sm:grid-cols-2">
        <Field label={t`Variant that is looked at`} hint={t`Empty: each but the baseline.`} error={errors.candidate}>
          <TextInput mono value={draft.candidate} onChange={(candidate) => onChange({ candidate })} maxLength={100} />
        </Field>
        <Field label={t`Baseline`} hint={t`Empty: the off variant.`} error={errors.baseline}>
          <TextInput mono value={draft.baseline} onChange={(baseline) => onChange({ baseline })} maxLength={100} />
        </Field>
        <Field label={t`Versions of the deploy`} error={errors.deploy}>
          <Select
            value={draft.deployBy}
            options={[
              { value: 'all', label: t`all of them` },
              { value: 'newest', label: t`the newest, beside the others` },
              { value: 'version', label: t`one version` },
            ]}
            onChange={(deployBy) => onChange({ deployBy })}
          />
        </Field>
        {draft.deployBy === 'version' && (
          <Field label={t`Version`}>
            <TextInput mono value={draft.version} onChange={(version) => onChange({ version })} maxLength={100} />
          </Field>
        )}
      </div>
    </details>
  );
}
