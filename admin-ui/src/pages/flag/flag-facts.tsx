import type { Flag } from '../../api/types.ts';
import { variantColor } from '../../flags/variant-color.ts';
import { Panel } from '../../ui/panel.tsx';
import { Swatch } from '../../ui/swatch.tsx';

/** The variants: what the flag can answer. */
export function FlagFacts({ flag }: { flag: Flag }) {
  return (
    <Panel title="Variants">
      <ul>
        {flag.variants.map(({ name, value }) => (
          <li key={name} className="flex items-baseline gap-3 border-line border-b px-4 py-2 last:border-b-0">
            <span className="flex w-40 shrink-0 items-center gap-2.5">
              <Swatch color={variantColor(flag, name)} />
              <span className="min-w-0 break-all font-mono text-xs">{name}</span>
            </span>
            <code className="min-w-0 flex-1 whitespace-pre-wrap break-words font-mono text-ink-2 text-xs">
              {JSON.stringify(value, undefined, flag.type === 'object' ? 1 : undefined)}
            </code>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
