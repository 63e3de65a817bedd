import { t } from '@lingui/core/macro';
import type { MigrationPlan } from '../../api/types.ts';
import { Field, TextInput } from '../../ui/field.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { FlagField } from './flag-field.tsx';
import type { PlanDraft } from './plan-draft.ts';

interface PlanFieldsProps {
  project: string;
  /** The plan that is changed; absent: a new one. */
  plan: MigrationPlan | undefined;
  draft: PlanDraft;
  errors: FormErrors;
  onChange: (part: Partial<PlanDraft>) => void;
}

const url = 'postgres://role:password@host:5432/database';

/** What a plan is called, which flag it drives, where its SQL runs, and which code it needs. */
export function PlanFields({ project, plan, draft, errors, onChange }: PlanFieldsProps) {
  const connection = (
    field: 'database' | 'newDatabase',
    label: string,
    shown: MigrationPlan['database'],
    use: string,
  ) => (
    <Field
      label={label}
      optional
      hint={shown ? t`Sealed: ${shown.database} at ${shown.host} as ${shown.role}. Empty: it stays.` : use}
      error={errors[field]}
    >
      <TextInput
        mono
        type="password"
        autoComplete="off"
        placeholder={url}
        value={draft[field]}
        onChange={(value) => onChange({ [field]: value })}
      />
    </Field>
  );
  return (
    <div className="grid gap-4 px-4 py-3.5 sm:grid-cols-2">
      {!plan && (
        <Field label={t`Key`} hint={t`Releases name it so; it cannot be changed later.`} error={errors.key}>
          <TextInput mono autoFocus autoComplete="off" value={draft.key} onChange={(key) => onChange({ key })} />
        </Field>
      )}
      <Field label={t`Name`} optional={!plan} error={errors.name}>
        <TextInput value={draft.name} maxLength={200} onChange={(name) => onChange({ name })} />
      </Field>
      <FlagField project={project} value={draft.flag} error={errors.flag} onChange={(flag) => onChange({ flag })} />
      <div className="grid grid-cols-2 gap-3">
        <Field label={t`Application`} optional hint={t`Every one unless given.`} error={errors['code.app']}>
          <TextInput mono placeholder={'shop'} value={draft.app} onChange={(app) => onChange({ app })} />
        </Field>
        <Field
          label={t`From version`}
          optional
          hint={t`What instances must run before rows are copied.`}
          error={errors['code.version'] ?? errors.code}
        >
          <TextInput mono placeholder="2.4.0" value={draft.version} onChange={(version) => onChange({ version })} />
        </Field>
      </div>
      {connection(
        'database',
        t`Database`,
        plan?.database ?? null,
        t`Where SQL runs, with the role that may. Kept sealed, never shown.`,
      )}
      {connection(
        'newDatabase',
        t`New database`,
        plan?.newDatabase ?? null,
        t`Where steps with "on": "new" run, and tables are replicated to.`,
      )}
      <Field
        label={t`Secret of tools`}
        optional
        hint={
          plan
            ? t`Kept sealed. Empty: it stays as it is.`
            : t`whsec_ and base64: calls of webhook steps are signed with it.`
        }
        error={errors.webhookSecret}
      >
        <TextInput
          mono
          type="password"
          autoComplete="off"
          placeholder="whsec_…"
          value={draft.webhookSecret}
          onChange={(webhookSecret) => onChange({ webhookSecret })}
        />
      </Field>
    </div>
  );
}
