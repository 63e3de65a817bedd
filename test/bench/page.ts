import { headlineTable } from './headlines.ts';
import type { Records, SubjectRecord } from './records.ts';
import { isMet, show, tabulate } from './report.ts';
import { toTable } from './to-table.ts';

/** `docs/benchmarks.md`: all that was recorded. */
export function writePage(records: Records): string {
  const named = [...records];
  return [
    introduction,
    '## At a glance',
    headlineTable(records),
    '## Budgets that were missed',
    missedTable(named),
    '## Subjects',
    index(named),
    ...named.map(section),
  ]
    .join('\n\n')
    .concat('\n');
}

const introduction = `# Benchmarks

What \`npm run bench\` measured, each subject when it was last recorded. Figures belong to the machine that they were taken on;
those of peers were taken in the same run. In brackets: how many times behind a peer is. A budget is what the design allows; one
that is not met says MISSED. How it is measured: [test/bench](../test/bench/README.md). This page is written by
\`npm run bench\` from \`test/bench/recorded\`.`;

type Named = readonly [name: string, record: SubjectRecord];

function missedTable(named: readonly Named[]): string {
  const rows = named.flatMap(([name, { measurements }]) =>
    measurements
      .filter((line) => line.budget !== undefined && !isMet(line))
      .map((line) => {
        const { budget = 0, ours, unit } = line;
        const by = budget === 0 ? '' : `${((100 * Math.abs(ours - budget)) / budget).toFixed(0)} %`;
        return [name, line.case, `${show(ours)} ${unit}`, show(budget), by];
      }),
  );
  if (rows.length === 0) return 'None.';
  return toTable([['subject', 'case', 'bunting', 'budget', 'missed by'], ...rows]);
}

function index(named: readonly Named[]): string {
  const rows = named.map(([name, { about, command = `npm run bench -- ${name}`, date, measurements }]) => {
    const bound = measurements.filter(({ budget }) => budget !== undefined);
    const met = bound.length === 0 ? '' : `${bound.filter(isMet).length} of ${bound.length}`;
    return [`[${name}](#${name})`, about, met, date, `\`${command}\``];
  });
  return toTable([['subject', 'what is measured', 'budgets met', 'measured', 'command'], ...rows]);
}

function section([name, { about, date, machine, measurements, node, notes }]: Named): string {
  const [header = [], ...rows] = tabulate(measurements);
  const rule = header.map((_, column) => (column < 2 ? '---' : '---:'));
  const table = [header, rule, ...rows].map((cells) => `| ${cells.map(toCell).join(' | ')} |`);
  const what = `${about.charAt(0).toUpperCase()}${about.slice(1)}. ${date}, Node ${node}, ${machine}.`;
  return [
    `## ${name}`,
    '',
    what,
    '',
    ...table,
    ...(notes.length > 0 ? [''] : []),
    ...notes.map((note) => `- ${note}`),
  ].join('\n');
}

function toCell(cell: string): string {
  return cell.replaceAll('|', '\\|').replace(/MISSED$/, '**MISSED**');
}
