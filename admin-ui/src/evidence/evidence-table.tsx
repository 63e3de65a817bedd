import { formatShare } from '../releases/describe-gate.ts';
import { formatNumber } from '../ui/format.ts';
import { badShare, type EvidencePoint, formatEvidence } from './evidence-curves.ts';

/** What a gate or a safeguard measured, look by look, newest first: all that the charts show, and why looks had no data. */
export function EvidenceTable({ name, points }: { name: string; points: readonly EvidencePoint[] }) {
  const columns = allColumns.filter(({ cell }) => points.some((point) => cell(point) !== undefined));
  return (
    <details>
      <summary className="w-fit cursor-pointer rounded-xs text-ink-2 hover:text-ink">As a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section aria-label={`Looks of ${name}`} tabIndex={0} className="mt-1 max-h-72 overflow-auto">
        <table className="whitespace-nowrap tabular-nums [&_td]:pe-5 [&_td]:align-top [&_th]:pe-5 [&_th]:text-start">
          <thead>
            <tr>
              <th scope="col">Until (UTC)</th>
              {columns.map(({ title }) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {points.toReversed().map((point) => (
              <tr key={`${point.from} ${point.to}`}>
                <td>{point.to.slice(0, 19).replace('T', ' ')}</td>
                {columns.map(({ title, cell }) => (
                  <td key={title}>{cell(point) ?? '–'}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

interface Column {
  readonly title: string;
  /** Undefined: this look has none. */
  readonly cell: (point: EvidencePoint) => string | undefined;
}

const allColumns: readonly Column[] = [
  { title: 'Candidate', cell: ({ candidate }) => sideWords(candidate) },
  { title: 'Baseline', cell: ({ baseline }) => sideWords(baseline) },
  {
    title: 'Baseline against itself',
    cell: ({ placebo }) => placebo && `${formatShare(placebo.low)} to ${formatShare(placebo.high)}`,
  },
  { title: 'E-value', cell: ({ logE }) => (logE === undefined ? undefined : formatEvidence(logE / Math.LN10)) },
  { title: 'Candidate', cell: ({ value }) => value?.toPrecision(4) },
  { title: 'Baseline', cell: ({ baselineValue }) => baselineValue?.toPrecision(4) },
  { title: 'No data because', cell: ({ reason }) => reason },
  { title: 'After it', cell: ({ verdict }) => verdict },
];

function sideWords(side: EvidencePoint['candidate']): string | undefined {
  if (side === undefined) return undefined;
  const share = badShare(side);
  const counts = `${formatNumber(side.bad)} of ${formatNumber(side.count)} bad`;
  return share === undefined ? 'nobody came' : `${counts} (${formatShare(share)})`;
}
