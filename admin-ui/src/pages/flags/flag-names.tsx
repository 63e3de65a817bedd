import { plural, t } from '@lingui/core/macro';
import type { Flag } from '../../api/types.ts';
import { formatNumber } from '../../ui/format.ts';

/** Flags that are named before the rest is counted. */
const named = 6;

/** Which flags something is about. */
export function FlagNames({ flags }: { flags: readonly Flag[] }) {
  const keys = flags.slice(0, named).map(({ key }) => key);
  const more = flags.length - keys.length;
  return (
    <p className="break-words font-mono text-ink text-xs">
      {more > 0 ? t`${keys.join(', ')} and ${formatNumber(more)} more` : keys.join(', ')}
    </p>
  );
}

interface ShareProps {
  /** Those that change. */
  changing: number;
  of: number;
  /** What the others are already: "have it already". */
  others: string;
}

/** How many of the chosen flags change, for the others are as they should be. */
export function Share({ changing, of, others }: ShareProps) {
  const rest = of - changing;
  return (
    <p role="status" className="text-ink-2 text-xs">
      {changing === 0
        ? t`Nothing changes: all of them ${others}.`
        : rest === 0
          ? plural(of, { one: 'It changes.', other: 'All # change.' })
          : t`${formatNumber(changing)} of ${formatNumber(of)} change; the others ${others}.`}
    </p>
  );
}
