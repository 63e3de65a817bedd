import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Role } from '../../api/types.ts';
import { permissionAreas, permissionWords } from './permission-words.ts';

/** What every role gives, side by side. */
export function RoleMatrix({ roles }: { roles: readonly Role[] }) {
  return (
    <section aria-label={t`What roles give`} className="rounded-md border border-line bg-surface">
      <header className="flex flex-wrap items-baseline gap-x-3 px-4 py-2.5">
        <h2 className="font-semibold text-sm">
          <Trans>What roles give</Trans>
        </h2>
        <p className="text-ink-3 text-xs">
          <Trans>● everywhere it is granted · ○ not in production, unless granted right there</Trans>
        </p>
      </header>
      <section
        aria-label={t`Table of roles`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="relative overflow-x-auto border-line border-t"
      >
        <table className="w-full border-collapse text-xs">
          <thead>
            <tr>
              <th scope="col" className="sticky start-0 bg-surface px-4 py-2 text-start font-medium text-ink-3">
                <Trans>Permission</Trans>
              </th>
              {roles.map(({ key, name }) => (
                <th key={key} scope="col" className="max-w-32 truncate px-2 py-2 font-medium" title={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          {permissionAreas.map(({ title, permissions }) => (
            <tbody key={t(title)}>
              <tr className="border-line border-t bg-sunken">
                <th
                  scope="rowgroup"
                  colSpan={roles.length + 1}
                  className="sticky start-0 px-4 py-1 text-start font-medium text-ink-2"
                >
                  {t(title)}
                </th>
              </tr>
              {permissions.map((permission) => (
                <tr key={permission} className="border-line border-t hover:bg-hover">
                  <th
                    scope="row"
                    title={permission}
                    className="sticky start-0 min-w-40 bg-surface px-4 py-1.5 text-start font-normal sm:min-w-72"
                  >
                    {t(permissionWords[permission].words)}
                  </th>
                  {roles.map((role) => (
                    <td key={role.key} className="px-2 text-center">
                      <Mark
                        isGiven={role.permissions.includes(permission)}
                        isNotInProduction={role.notInProduction.includes(permission)}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </section>
    </section>
  );
}

function Mark({ isGiven, isNotInProduction }: { isGiven: boolean; isNotInProduction: boolean }) {
  if (!isGiven)
    return (
      <span className="sr-only">
        <Trans>no</Trans>
      </span>
    );
  return (
    <>
      <span aria-hidden className="text-link">
        {isNotInProduction ? '○' : '●'}
      </span>
      <span className="sr-only">{isNotInProduction ? t`yes, not in production` : t`yes`}</span>
    </>
  );
}
