import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { planChoicesQuery } from '../../api/migration-plans.ts';
import { migrationPlansPath } from '../../paths.ts';
import { Field } from '../../ui/field.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { optionsOf } from './choice-options.ts';

interface MigrationFieldsProps {
  project: string;
  environment: string;
  /** Key; empty: none is chosen yet. */
  plan: string;
  errors: FormErrors;
  onChange: (plan: string) => void;
}

/** Whose phases the release goes through. */
export function MigrationFields({ project, environment, plan, errors, onChange }: MigrationFieldsProps) {
  const plans = useQuery(planChoicesQuery(project, environment));
  return (
    <Panel title={t`Migration`} note={t`Its steps are the plan's; the stages say how far it goes.`}>
      <div className="max-w-96 px-4 py-3">
        <Field
          label={t`Migration plan`}
          hint={
            plans.data?.length === 0 && (
              <Trans>
                There is none in this environment yet:{' '}
                <Link {...migrationPlansPath(project, { environment })} className="text-link underline">
                  make one
                </Link>{' '}
                first.
              </Trans>
            )
          }
          error={errors['migration.plan'] ?? errors.migration}
        >
          <Select value={plan} options={optionsOf(plans.data, plan)} onChange={onChange} />
        </Field>
      </div>
    </Panel>
  );
}
