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
      <caption className="sr-only">What the role gives</caption>
      <thead>
        <tr className="text-ink-3">
          <th scope="col" className="py-1 text-start font-medium">
            Permission
          </th>
          <th scope="col" className="w-14 py-1 text-center font-medium">
            Gives
          </th>
          <th scope="col" className="w-20 py-1 text-center font-medium">
            In production
          </th>
        </tr>
      </thead>
      {permissionAreas.map(({ title, permissions }) => (
        <tbody key={title}>
          <tr>
            <th scope="rowgroup" colSpan={3} className="pt-3 pb-1 text-start font-semibold">
              {title}
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
        <span className="block">{words}</span>
        <code className="text-2xs text-ink-3">{permission}</code>
      </th>
      <td className="text-center">
        {may(permission) || isGiven ? (
          <span className="inline-block">
            <Checkbox
              label={`Gives: ${words}`}
              checked={isGiven}
              onChange={(next) => onChange(give(draft, permission, next))}
            />
          </span>
        ) : (
          <span title="Nobody gives more than they have themselves" className="text-ink-3">
            not yours
          </span>
        )}
      </td>
      <td className="text-center">
        {byEnvironment && (may(permission) || isGiven) && (
          <span className="inline-block">
            <Checkbox
              label={`In production: ${words}`}
              checked={holds}
              onChange={(next) => onChange(holdInProduction(draft, permission, next))}
            />
          </span>
        )}
      </td>
    </tr>
  );
}
