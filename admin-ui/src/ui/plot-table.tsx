import { Trans } from '@lingui/react/macro';

interface PlotTableProps {
  /** What its rows are of: "Looks of Crash". */
  label: string;
  columns: readonly string[];
  /** As many cells as there are columns; the first names the row. */
  rows: readonly (readonly string[])[];
}

/** What stands behind a chart: all that it shows, to be opened. */
export function PlotTable({ label, columns, rows }: PlotTableProps) {
  return (
    <details>
      <summary className="w-fit cursor-pointer rounded-xs text-ink-2 hover:text-ink">
        <Trans>As a table</Trans>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section aria-label={label} tabIndex={0} className="mt-1 max-h-72 overflow-auto">
        <table className="whitespace-nowrap tabular-nums [&_td]:pe-5 [&_td]:align-top [&_th]:pe-5 [&_th]:text-start">
          <thead>
            <tr>
              {columns.map((title, at) => (
                <th key={at} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={at}>
                {row.map((cell, column) => (
                  <td key={column}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
