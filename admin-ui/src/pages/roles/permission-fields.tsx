import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMayEverywhere } from '../../api/permissions.ts';
import type { Permission } from '../../api/types.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { permissionAreas, permissionWords } from './permission-words.ts';
import { give, holdInProduction, type RoleDraft } from './role-draft.ts';

interface PermissionFieldsProps {
  draft: RoleDraft;
  onChange: (part: Partial<RoleDraft>) => void;
}

/** What a role gives: a line for each permission, a column for whether it is given, another for production. */
export function PermissionFields({ draft, onChange }: PermissionFieldsProps) {
  return (
    <table className="w-full border-collapse text-xs">
      <caption className="sr-only">
        <Trans>What the role gives</Trans>
      </caption>
      <thead>
        <tr className="text-ink-3">
          <th scope="col" className="py-1 text-start font-medium">
            <Trans>Permission</Trans>
          </th>
          <th scope="col" className="w-14 py-1 text-center font-medium">
            <Trans>Gives</Trans>
          </th>
          <th scope="col" className="w-20 py-1 text-center font-medium">
            <Trans>In production</Trans>
          </th>
        </tr>
      </thead>
      {permissionAreas.map(({ title, permissions }) => (
        <tbody key={t(title)}>
          <tr>
            <th scope="rowgroup" colSpan={3} className="pt-3 pb-1 text-start font-semibold">
              {t(title)}
            </th>
          </tr>
          {permissions.map((permission) => (
            <PermissionRow key={permission} permission={permission} draft={draft} onChange={onChange} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

function PermissionRow({ permission, draft, onChange }: PermissionFieldsProps & { permission: Permission }) {
  const may = useMayEverywhere();
  const { words, byEnvironment } = permissionWords[permission];
  const isGiven = draft.permissions.includes(permission);
  const holds = isGiven && !draft.notInProduction.includes(permission);
  return (
    <tr className="border-line border-t">
      <th scope="row" className="py-1.5 pe-2 text-start font-normal">
        <span className="block">{t(words)}</span>
        <code className="text-2xs text-ink-3">{permission}</code>
      </th>
      <td className="text-center">
        {may(permission) || isGiven ? (
          <span className="inline-block">
            <Checkbox
              label={t`Gives: ${t(words)}`}
              checked={isGiven}
              onChange={(next) => onChange(give(draft, permission, next))}
            />
          </span>
        ) : (
          <span title={t`Nobody gives more than they have themselves`} className="text-ink-3">
            <Trans>not yours</Trans>
          </span>
        )}
      </td>
      <td className="text-center">
        {byEnvironment && (may(permission) || isGiven) && (
          <span className="inline-block">
            <Checkbox
              label={t`In production: ${t(words)}`}
              checked={holds}
              onChange={(next) => onChange(holdInProduction(draft, permission, next))}
            />
          </span>
        )}
      </td>
    </tr>
  );
}
