import { plural, t } from '@lingui/core/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { sessionQuery } from '../../api/session.ts';
import type { AuditEvent, Project } from '../../api/types.ts';
import { baseUrl } from '../../base.ts';
import type { AuditSearch } from '../../searches.ts';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { FactTable } from '../../ui/fact-table.tsx';
import { formatNumber } from '../../ui/format.ts';
import { filterWords } from './audit-filter.ts';
import type { Printing } from './use-print.ts';

interface PrintHeadProps {
  project: Project;
  search: AuditSearch;
  nameOf: (actor: string) => string;
  /** Those that are printed, newest first. */
  events: readonly AuditEvent[];
  /** Older ones match, too. */
  hasMore: boolean;
  /** Undefined: printed by the browser's menu, so nothing was verified for it. */
  printing: Printing | undefined;
}

/** On paper alone: what was asked for, of what, by whom and when, and where the chains end, to be compared with a checkpoint. */
export function PrintHead({ project, search, nameOf, events, hasMore, printing }: PrintHeadProps) {
  const { data: user } = useSuspenseQuery(sessionQuery);
  const [newest, oldest] = [events[0], events.at(-1)];
  const count = plural(events.length, { one: '# event', other: '# events' });
  const verification = printing?.verification;
  const chains = verification?.chains.filter(({ chain }) => search.everywhere || chain === `project:${project.key}`);
  const facts: readonly (readonly [name: string, value: string])[] = [
    [t`Project`, search.everywhere ? t`all that may be read` : `${project.name} (${project.key})`],
    ...filterWords(search, nameOf),
    [t`Events`, hasMore ? t`${count}, the newest; older ones match too` : count],
    ...(newest && oldest ? [[t`From, until`, `${oldest.at} – ${newest.at}`] as const] : []),
    [t`Printed`, `${printing?.at ?? new Date().toISOString()}, ${user?.name ?? ''}, ${baseUrl}`],
    [t`Verified`, verification ? verification.findings.join(' ') : t`not for this print`],
  ];
  return (
    <div className="hidden flex-col gap-3 text-xs print:flex">
      <FactList>
        {facts.map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </FactList>
      {chains && chains.length > 0 && (
        <FactTable
          caption={t`Where the chains end`}
          columns={[t`Chain`, t`Ends with event`, t`Its hash`, t`Signed up to`]}
        >
          {chains.map(({ chain, end, anchor }) => (
            <tr key={chain}>
              <th scope="row" className="font-medium">
                {chain}
              </th>
              <td className="tabular-nums">{formatNumber(end.seq)}</td>
              <td className="break-all font-mono text-2xs">{end.hash}</td>
              <td className="tabular-nums">
                {anchor
                  ? t`event ${formatNumber(anchor.seq)}, checkpoint ${formatNumber(anchor.checkpoint)}`
                  : t`no checkpoint`}
              </td>
            </tr>
          ))}
        </FactTable>
      )}
    </div>
  );
}
