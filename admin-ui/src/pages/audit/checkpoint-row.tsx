import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { AuditCheckpoint } from '../../api/types.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { formatNumber } from '../../ui/format.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';

/** When it was signed, up to where, by which key; all of it to take along. */
export function CheckpointRow({ checkpoint }: { checkpoint: AuditCheckpoint }) {
  const { number, at, heads, publicKey } = checkpoint;
  const events = heads.reduce((sum, { seq }) => sum + seq, 0);
  return (
    <li className="border-line border-b px-4 py-2.5 last:border-b-0">
      <details className="group">
        <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-3 gap-y-0.5 rounded-xs">
          <span className="font-medium tabular-nums">
            <Trans>Checkpoint {formatNumber(number)}</Trans>
          </span>
          <span className="text-ink-2 text-xs tabular-nums">
            {plural(events, { one: '# event', other: '# events' })},{' '}
            {plural(heads.length, { one: 'in # chain', other: 'in # chains' })}
          </span>
          <span className="ms-auto text-ink-3 text-xs">
            <RelativeTime at={at} />
          </span>
        </summary>
        <div className="mt-2 flex flex-col gap-3">
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-xs">
            <dt className="text-ink-3">
              <Trans>Signed</Trans>
            </dt>
            <dd className="break-all font-mono">{at}</dd>
            <dt className="text-ink-3">
              <Trans>By key</Trans>
            </dt>
            <dd className="break-all font-mono">{publicKey}</dd>
          </dl>
          <div className="overflow-x-auto">
            <table className="w-full text-start text-xs">
              <caption className="sr-only">{t`Where the chains ended`}</caption>
              <thead className="text-ink-3">
                <tr className="border-line border-b [&>th]:py-1.5 [&>th]:pe-3 [&>th]:text-start [&>th]:font-medium">
                  <th scope="col">
                    <Trans>Chain</Trans>
                  </th>
                  <th scope="col">
                    <Trans>Up to event</Trans>
                  </th>
                  <th scope="col">
                    <Trans>Hash</Trans>
                  </th>
                </tr>
              </thead>
              <tbody>
                {heads.map(({ chain, seq, hash }) => (
                  <tr key={chain} className="border-line border-b align-top last:border-b-0 [&>*]:py-1.5 [&>*]:pe-3">
                    <th scope="row" className="break-all text-start font-medium">
                      {chain}
                    </th>
                    <td className="tabular-nums">{formatNumber(seq)}</td>
                    <td className="break-all font-mono text-2xs">{hash}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <CodeBlock title={t`The checkpoint, to be kept elsewhere`} code={JSON.stringify(checkpoint)} wraps />
        </div>
      </details>
    </li>
  );
}
