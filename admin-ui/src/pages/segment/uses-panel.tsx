import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { SegmentPlace } from '../../api/segments.ts';
import type { SegmentUses } from '../../api/types.ts';
import { flagPath, segmentPath } from '../../paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { wordOf } from '../../ui/code-words.ts';
import { formatNumber } from '../../ui/format.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';

const linkShape = 'min-w-0 break-all rounded-xs font-mono text-xs leading-6 hover:underline';

/** What depends on the segment. */
export function UsesPanel({ place, uses }: { place: SegmentPlace; uses: UseQueryResult<SegmentUses> }) {
  return (
    <Panel title={t`Used by`} note={t`What names it in this environment; while anything does, it cannot be deleted.`}>
      <Loaded from={uses} what={t`its uses`}>
        {({ items, total }) =>
          total === 0 ? (
            <p className="px-4 py-3.5 text-ink-3 text-xs">
              <Trans>Nothing yet. A rule of a flag asks “is in segment {place.segment}”.</Trans>
            </p>
          ) : (
            <ul aria-label={t`Uses`}>
              {items.map(({ kind, key, path }) => (
                <li
                  key={`${kind} ${key} ${path}`}
                  className="flex flex-wrap items-center gap-2 border-line border-b px-4 py-1.5 last:border-b-0"
                >
                  <Badge look="muted">{wordOf(kind)}</Badge>
                  {kind === 'flag' ? (
                    <Link {...flagPath(place.project, key)} className={linkShape}>
                      {key}
                    </Link>
                  ) : (
                    <Link {...segmentPath(place.project, place.environment, key)} className={linkShape}>
                      {key}
                    </Link>
                  )}
                  <code className="ms-auto min-w-0 truncate text-2xs text-ink-3">{path}</code>
                </li>
              ))}
              {total > items.length && (
                <li className="px-4 py-2 text-ink-3 text-xs">
                  <Trans>and {formatNumber(total - items.length)} more</Trans>
                </li>
              )}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}
