import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { sessionQuery } from '../../api/session.ts';
import type { AuditEvent, Project } from '../../api/types.ts';
import { baseUrl } from '../../base.ts';
import type { AuditSearch } from '../../searches.ts';
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
  const facts = [
    [t`Project`, search.everywhere ? t`all that may be read` : `${project.name} (${project.key})`],
    ...filterWords(search, nameOf),
    [t`Events`, hasMore ? t`${count}, the newest; older ones match too` : count],
    ...(newest && oldest ? [[t`From, until`, `${oldest.at} – ${newest.at}`]] : []),
    [t`Printed`, `${printing?.at ?? new Date().toISOString()}, ${user?.name ?? ''}, ${baseUrl}`],
    [t`Verified`, verification ? verification.findings.join(' ') : t`not for this print`],
  ];
  return (
    <div className="hidden flex-col gap-3 text-xs print:flex">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd className="break-words font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      {chains && chains.length > 0 && (
        <table className="w-full text-start">
          <caption className="sr-only">{t`Where the chains end`}</caption>
          <thead>
            <tr className="border-line border-b [&>th]:py-1 [&>th]:pe-3 [&>th]:text-start [&>th]:font-medium">
              <th scope="col">
                <Trans>Chain</Trans>
              </th>
              <th scope="col">
                <Trans>Ends with event</Trans>
              </th>
              <th scope="col">
                <Trans>Its hash</Trans>
              </th>
              <th scope="col">
                <Trans>Signed up to</Trans>
              </th>
            </tr>
          </thead>
          <tbody>
            {chains.map(({ chain, end, anchor }) => (
              <tr key={chain} className="break-inside-avoid border-line border-b align-top [&>*]:py-1 [&>*]:pe-3">
                <th scope="row" className="text-start font-medium">
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
          </tbody>
        </table>
      )}
    </div>
  );
}
