import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { putHeadlines } from './headlines.ts';
import { writePage } from './page.ts';
import { readRecords, writeRecord } from './records.ts';
import type { Outcome, Subject } from './subject.ts';

const root = join(import.meta.dirname, '../..');

/** What has figures: a subject of the bench, or a proof that says how it is run. */
type Recorded = Pick<Subject, 'name' | 'about'> & { readonly command?: string };

/** Keeps a subject's figures in place of its earlier ones, and writes `docs/benchmarks.md` and the README's table anew. */
export function record({ name, ...subject }: Recorded, { measurements, notes }: Outcome): void {
  const where = { date: new Date().toISOString().slice(0, 10), node: process.version, machine: describeMachine() };
  const { about, command } = subject;
  writeRecord(name, { about, ...(command && { command }), ...where, measurements, notes });
  const records = readRecords();
  writeFileSync(join(root, 'docs/benchmarks.md'), writePage(records));
  const readme = join(root, 'README.md');
  writeFileSync(readme, putHeadlines(readFileSync(readme, 'utf8'), records));
}

function describeMachine(): string {
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${gib} GiB`;
}
