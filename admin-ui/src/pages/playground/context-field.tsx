import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Users } from 'lucide-react';
import { seenContextsQuery } from '../../api/history.ts';
import { useMayForCertain } from '../../api/permissions.ts';
import { buttonShape } from '../../ui/button.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';

interface ContextFieldProps {
  project: string;
  environment: string;
  value: string;
  onChange: (text: string) => void;
  error: string | undefined;
}

/** The context that flags are asked for: typed, or one that was seen. */
export function ContextField({ project, environment, value, onChange, error }: ContextFieldProps) {
  const may = useMayForCertain(project, environment);
  const seen = useQuery({ ...seenContextsQuery(project, environment), enabled: may('contexts:read') });
  return (
    <div className="flex flex-col gap-2">
      <Field label={t`Context`} hint={t`Whom flags are asked for: targetingKey and attributes, as JSON.`} error={error}>
        <TextArea mono rows={8} value={value} onChange={onChange} />
      </Field>
      {seen.data && seen.data.length > 0 && (
        <div>
          <Menu
            label={t`Take one that was seen`}
            triggerClassName={`${buttonShape} border border-edge bg-raised shadow-control hover:bg-hover`}
            trigger={
              <Trans>
                <Users aria-hidden />
                Take one that was seen
              </Trans>
            }
          >
            {seen.data.map(({ subject, context }) => (
              <MenuItem key={subject} onSelect={() => onChange(JSON.stringify(context, null, 2))}>
                <span className="max-w-80 truncate font-mono text-xs">{JSON.stringify(context)}</span>
              </MenuItem>
            ))}
          </Menu>
        </div>
      )}
    </div>
  );
}
