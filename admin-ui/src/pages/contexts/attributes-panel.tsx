import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { sampledContextsQuery } from '../../api/contexts.ts';
import { attributesQuery } from '../../api/targeting.ts';
import type { ContextSampling } from '../../api/types.ts';
import { FactTable } from '../../ui/fact-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { examplesOf, knownAttributes } from './known-attributes.ts';

interface AttributesPanelProps {
  project: string;
  environment: string;
  sampling: ContextSampling;
}

/** What conditions may name here: the attributes that were seen, their types, and values where contexts are sampled. */
export function AttributesPanel({ project, environment, sampling: { mode } }: AttributesPanelProps) {
  const seen = useQuery(attributesQuery(project, environment));
  const isSampled = mode === 'contexts';
  const { data: contexts = [] } = useInfiniteQuery({
    ...sampledContextsQuery(project, environment, {}),
    enabled: isSampled,
    select: ({ pages }) => pages.flatMap((page) => page.items.map(({ context }) => context)),
  });
  return (
    <Panel
      title={t`Attributes`}
      note={t`Seen in the last 30 days, 500 at most. The rule editor offers them.`}
      className="overflow-hidden"
    >
      <Loaded from={seen} what={t`the attributes`}>
        {(items) =>
          items.length === 0 ? (
            <p className="px-4 py-3.5 text-ink-3 text-xs">
              {mode === 'off' ? (
                <Trans>None is known: SDKs tell nothing of contexts here.</Trans>
              ) : (
                <Trans>None was seen yet. They come seconds after a connected service evaluates a flag.</Trans>
              )}
            </p>
          ) : (
            <div className="overflow-x-auto">
              <FactTable
                isInset
                caption={t`Attributes`}
                columns={[t`Attribute`, t`Type`, ...(isSampled ? [t`Such as`] : []), t`Last seen`]}
              >
                {knownAttributes(items).map(({ path, types, isOfPages, lastSeenAt }) => (
                  <tr key={path}>
                    <th scope="row" className="break-all font-mono font-normal">
                      {path}
                    </th>
                    <td>
                      {types.join(', ')}
                      {isOfPages && (
                        <span className="block text-ink-3">
                          <Trans>only by pages</Trans>
                        </span>
                      )}
                    </td>
                    {isSampled && (
                      <td className="max-w-80 break-all font-mono text-2xs text-ink-2">
                        {examplesOf(contexts, path).join(', ')}
                      </td>
                    )}
                    <td className="whitespace-nowrap text-ink-3">
                      <RelativeTime at={lastSeenAt} />
                    </td>
                  </tr>
                ))}
              </FactTable>
            </div>
          )
        }
      </Loaded>
    </Panel>
  );
}
