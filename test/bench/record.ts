import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { tabulate } from './report.ts';
import type { Result, Subject } from './subject.ts';

const figuresFile = join(import.meta.dirname, '../../docs/figures.md');

const introduction = `# Figures

As \`npm run bench -- --record\` saw them, each subject on its own day; how they are measured is told in
[benchmarks.md](benchmarks.md). They belong to the machine that they were taken on. In brackets: how many times behind a peer
is. A budget that is not met says MISSED.
`;

export interface Recorded {
  readonly subject: Pick<Subject, 'name' | 'about'>;
  readonly results: readonly Result[];
  readonly notes: readonly string[];
}

/** Puts a subject's figures into the file, in place of its earlier ones. */
export function record(recorded: Recorded, file = figuresFile): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : introduction;
  writeFileSync(file, replaceSection(before, recorded.subject.name, section(recorded)));
}

/** Sections begin with `## NAME` and stay in the order in which they first came. */
function replaceSection(text: string, name: string, content: string): string {
  const [head = '', ...sections] = text.split(/^(?=## )/m);
  const at = sections.findIndex((each) => each.startsWith(`## ${name}\n`));
  if (at === -1) sections.push(content);
  else sections[at] = content;
  return [head, ...sections]
    .map((each) => each.trimEnd())
    .join('\n\n')
    .concat('\n');
}

function section({ subject, results, notes }: Recorded): string {
  const [header = [], ...rows] = tabulate(results);
  const rule = header.map((_, column) => (column < 2 ? '---' : '---:'));
  const table = [header, rule, ...rows].map((cells) => `| ${cells.map(toCell).join(' | ')} |`);
  const first = results[0];
  const where = `${first?.date.slice(0, 10)}, Node ${first?.node}, ${describeMachine()}.`;
  const remarks = notes.map((note) => `- ${note}`);
  return [`## ${subject.name}`, '', `${capitalise(subject.about)}. ${where}`, '', ...table, '', ...remarks].join('\n');
}

function describeMachine(): string {
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${gib} GiB`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function toCell(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
