import type { Measurement } from './subject.ts';

/** A subject's figures as rows of cells, the header first: the case, our value, floor and budget, then each peer. */
export function tabulate(results: readonly Measurement[]): string[][] {
  const peerNames = [...new Set(results.flatMap((result) => Object.keys(result.peers ?? {})))];
  const hasFloor = results.some((result) => result.floor !== undefined);
  const hasBudget = results.some((result) => result.budget !== undefined);
  const header = [
    'case',
    'unit',
    'bunting',
    ...(hasFloor ? ['floor'] : []),
    ...(hasBudget ? ['budget'] : []),
    ...peerNames,
  ];
  const rows = results.map((result) => [
    result.case,
    result.unit,
    show(result.ours),
    ...(hasFloor ? [show(result.floor)] : []),
    ...(hasBudget
      ? [result.budget === undefined ? '' : `${show(result.budget)} ${isMet(result) ? 'met' : 'MISSED'}`]
      : []),
    ...peerNames.map((name) => peer(result, name)),
  ]);
  return [header, ...rows];
}

export function printTable(subject: string, results: readonly Measurement[], notes: readonly string[]): void {
  const [header = [], ...rows] = tabulate(results);
  console.log(`\n${subject}`);
  for (const line of layOut([...stack(header), ...rows])) console.log(`  ${line}`);
  for (const note of notes) console.log(`  - ${note}`);
}

/** Whether a line keeps to its budget; one that has none does. */
export function isMet({ ours, budget = ours, better }: Measurement): boolean {
  return better === 'lower' ? ours <= budget : ours >= budget;
}

function peer(line: Measurement, name: string): string {
  const value = line.peers?.[name];
  if (value === undefined) return line.peers ? 'n/a' : '';
  return timesBehind(line, value);
}

/** `955 (40x)`: a peer's value, and how far behind us it is. */
export function timesBehind({ ours, better }: Measurement, value: number): string {
  const times = better === 'lower' ? value / ours : ours / value;
  return Number.isFinite(times) ? `${show(value)} (${times.toFixed(times < 10 ? 1 : 0)}x)` : show(value);
}

export function show(value: number | undefined): string {
  if (value === undefined) return '';
  return Math.abs(value) >= 1_000 ? Math.round(value).toLocaleString('en').replaceAll(',', ' ') : String(value);
}

/** `@scope/name 1.2.3` over three lines, so that no column is as wide as a name. */
function stack(header: readonly string[]): string[][] {
  const parts = header.map((name) => name.split(/(?<=\/)| (?=\d)/));
  const height = Math.max(...parts.map((lines) => lines.length));
  return Array.from({ length: height }, (_, i) => parts.map((lines) => lines[i - height + lines.length] ?? ''));
}

/** Columns of equal width; the first two to the left, numbers to the right. */
function layOut(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
