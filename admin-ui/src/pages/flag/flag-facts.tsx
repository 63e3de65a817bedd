import { t } from '@lingui/core/macro';
import { Pencil } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useMay } from '../../api/permissions.ts';
import type { Flag, Project } from '../../api/types.ts';
import { variantColor } from '../../flags/variant-color.ts';
import { IconButton } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Panel } from '../../ui/panel.tsx';
import { Swatch } from '../../ui/swatch.tsx';

/** Read when a value is first edited: it brings an editor. */
const ValueDialog = lazy(async () => ({ default: (await import('./value-dialog.tsx')).ValueDialog }));

/** The variants: what the flag can answer. */
export function FlagFacts({ project, flag }: { project: Project; flag: Flag }) {
  const may = useMay(project.key);
  const [edited, setEdited] = useState<string>();
  const variant = flag.variants.find(({ name }) => name === edited);
  // On a phone a value has a line of its own, where it may need one.
  const isLong = flag.type === 'string' || flag.type === 'object';
  // The values of a boolean flag are what its type says.
  const mayEdit = flag.type !== 'boolean' && flag.archivedAt === null && may('flag:write');
  return (
    <Panel title={t`Variants`}>
      <ul>
        {flag.variants.map(({ name, value }) => (
          <li
            key={name}
            className={classNames(
              'flex items-baseline gap-3 border-line border-b px-4 py-2 last:border-b-0',
              isLong && 'max-sm:flex-wrap',
            )}
          >
            <span
              className={classNames('flex w-40 shrink-0 items-baseline gap-2.5', isLong && 'max-sm:w-0 max-sm:flex-1')}
            >
              <Swatch color={variantColor(flag, name)} />
              <span className="min-w-0 break-all font-mono text-xs">{name}</span>
            </span>
            <code
              className={classNames(
                'min-w-0 flex-1 whitespace-pre-wrap break-words font-mono text-ink-2 text-xs',
                isLong && 'max-sm:order-last max-sm:basis-full',
              )}
            >
              {JSON.stringify(value, undefined, flag.type === 'object' ? 1 : undefined)}
            </code>
            {mayEdit && (
              <IconButton label={t`Edit the value of ${name}`} className="-my-1.5" onClick={() => setEdited(name)}>
                <Pencil aria-hidden />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {variant && (
        <Suspense>
          <ValueDialog project={project} flag={flag} variant={variant} onClose={() => setEdited(undefined)} />
        </Suspense>
      )}
    </Panel>
  );
}
