import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { revisionDiffQuery } from '../../api/history.ts';
import { DifferenceList } from '../../differences/difference-list.tsx';
import { differencesOf } from '../../differences/differences-of.ts';
import { Badge } from '../../ui/badge.tsx';
import { wordOf } from '../../ui/code-words.ts';
import { formatNumber } from '../../ui/format.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';

interface RevisionDifferenceProps {
  project: string;
  environment: string;
  from: number;
  to: number;
}

/** What two revisions serve differently, whomever it concerns. */
export function RevisionDifference({ project, environment, from, to }: RevisionDifferenceProps) {
  const diff = useQuery(revisionDiffQuery(project, environment, from, to));
  return (
    <Panel title={t`What differs between revision ${formatNumber(from)} and ${formatNumber(to)}`}>
      <Loaded from={diff} what={t`the difference`}>
        {({ items, more }) => (
          <>
            {items.length === 0 && (
              <p className="px-4 py-3 text-ink-3 text-xs">
                <Trans>They serve the same.</Trans>
              </p>
            )}
            <ul aria-label={t`Differing documents`}>
              {items.map(({ kind, key, before, after, pages }) => (
                <li key={`${kind} ${key}`} className="border-line border-b last:border-b-0">
                  <p className="flex items-center gap-2 px-4 pt-2.5">
                    <Badge look="muted">{wordOf(kind)}</Badge>
                    <code className="min-w-0 break-all">{key}</code>
                  </p>
                  {pages === undefined ? (
                    <DifferenceList differences={differencesOf(before ?? null, after ?? null)} />
                  ) : (
                    <p className="px-4 py-2 text-ink-3 text-xs">
                      <Trans>{formatNumber(pages)} pages of keys</Trans>
                    </p>
                  )}
                </li>
              ))}
            </ul>
            {more > 0 && (
              <p className="px-4 py-2 text-ink-3 text-xs">
                <Trans>and {formatNumber(more)} more</Trans>
              </p>
            )}
          </>
        )}
      </Loaded>
    </Panel>
  );
}
