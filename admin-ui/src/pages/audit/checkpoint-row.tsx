import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { AuditCheckpoint } from '../../api/types.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { FactTable } from '../../ui/fact-table.tsx';
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
          <FactList>
            <Fact mono name={t`Signed`}>
              {at}
            </Fact>
            <Fact mono name={t`By key`}>
              {publicKey}
            </Fact>
          </FactList>
          <div className="overflow-x-auto">
            <FactTable caption={t`Where the chains ended`} columns={[t`Chain`, t`Up to event`, t`Hash`]}>
              {heads.map(({ chain, seq, hash }) => (
                <tr key={chain}>
                  <th scope="row" className="break-all font-medium">
                    {chain}
                  </th>
                  <td className="tabular-nums">{formatNumber(seq)}</td>
                  <td className="break-all font-mono text-2xs">{hash}</td>
                </tr>
              ))}
            </FactTable>
          </div>
          <CodeBlock title={t`The checkpoint, to be kept elsewhere`} code={JSON.stringify(checkpoint)} wraps />
        </div>
      </details>
    </li>
  );
}
