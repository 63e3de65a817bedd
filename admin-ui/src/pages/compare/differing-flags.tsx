import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { differingFlagsQuery } from '../../api/compare.ts';
import type { Environment } from '../../api/types.ts';
import { flagPath } from '../../paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Loaded, More } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { promotionParts } from '../flag/promotion-part.ts';

interface DifferingFlagsProps {
  project: string;
  from: Environment;
  to: Environment;
}

/** The flags that differ, each with its parts that do, and the segments that it would need. */
export function DifferingFlags({ project, from, to }: DifferingFlagsProps) {
  const flags = useInfiniteQuery({
    ...differingFlagsQuery(project, from.key, to.key),
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
  return (
    <Panel title={t`Flags that differ`} note={t`What ${to.name} would take over from ${from.name}`}>
      <Loaded from={flags} what={t`the comparison`}>
        {(items) =>
          items.length === 0 ? (
            <p role="status" className="px-4 py-3.5 text-ink-2">
              <Trans>
                {to.name} serves every flag as {from.name} does.
              </Trans>
            </p>
          ) : (
            <ul aria-label={t`Flags that differ`}>
              {items.map(({ key, parts, segments }) => (
                <li
                  key={key}
                  className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-line border-b px-4 py-2 last:border-b-0"
                >
                  <Link
                    {...flagPath(project, key, { from: from.key, to: to.key })}
                    className="min-w-0 flex-1 basis-60 break-all rounded-xs font-mono text-xs hover:underline"
                  >
                    {key}
                  </Link>
                  <span className="flex flex-wrap gap-1.5">
                    {promotionParts
                      .filter(({ part }) => parts.includes(part))
                      .map(({ part, label }) => (
                        <Badge key={part}>{t(label)}</Badge>
                      ))}
                    {segments
                      .filter(({ state }) => state !== 'same')
                      .map(({ key: segment, state }) => (
                        <Badge key={segment} look={state === 'missing' ? 'danger' : 'muted'}>
                          {state === 'missing' ? t`segment ${segment} is missing` : t`segment ${segment} differs`}
                        </Badge>
                      ))}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <More from={flags} label={t`Show more`} />
    </Panel>
  );
}
