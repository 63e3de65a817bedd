import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { headlineTable, putHeadlines } from './headlines.ts';
import { writePage } from './page.ts';
import { readRecords, type SubjectRecord, writeRecord } from './records.ts';

const root = join(import.meta.dirname, '../..');
const recorded = readRecords();

const push: SubjectRecord = {
  about: 'how long',
  date: '2026-01-02',
  node: 'v24.0.0',
  machine: '2 cores',
  measurements: [{ case: 'p50 | p99', unit: 'ms', better: 'lower', ours: 3, budget: 2 }],
  notes: ['a note'],
};

test('a subject’s record takes the place of its earlier one, and leaves the others alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bunting-bench-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const never = { case: 'never', unit: 's', better: 'lower', ours: Number.NaN } as const;
  writeRecord('push', { ...push, notes: ['earlier'] }, folder);
  writeRecord('storm', { ...push, measurements: [never] }, folder);
  writeRecord('push', push, folder);
  expect([...readRecords(folder).keys()]).toEqual(['push', 'storm']);
  expect(readRecords(folder).get('push')).toEqual(push);
  expect(readRecords(folder).get('storm')?.measurements).toEqual([never]);
});

test('the page shows each record, and what was missed by itself', () => {
  const page = writePage(new Map([...recorded, ['push', push]]));
  expect(page).toContain('| p50 \\| p99 | ms | 3 | 2 **MISSED** |');
  expect(page).toContain('How long. 2026-01-02, Node v24.0.0, 2 cores.');
  const [, missed = ''] = page.split('## Budgets that were missed');
  expect(missed.split('\n## ')[0]).toMatch(/\| push +\| p50 \\\| p99 +\| 3 ms +\| 2 +\| 50 % +\|/);
});

test('docs/benchmarks.md and the table of the README are what was recorded', () => {
  expect(readFileSync(join(root, 'docs/benchmarks.md'), 'utf8')).toBe(writePage(recorded));
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`\n${headlineTable(recorded)}\n`);
});

test('each headline is a figure that was recorded', () => {
  expect(headlineTable(recorded)).not.toContain('not recorded');
  expect(headlineTable(new Map([['push', push]]))).toMatch(/toggle, request.*\| not recorded /);
});

test('the headlines take the place of those before, and what stands around them stays', () => {
  const readme = 'Before\n<!-- written by npm run bench -->\n\nan earlier table\n\n<!-- up to here -->\nAfter\n';
  const written = putHeadlines(readme, recorded);
  expect(written).toContain(`Before\n<!-- written by npm run bench -->\n\n${headlineTable(recorded)}\n\n<!--`);
  expect(written).not.toContain('an earlier table');
  expect(written).toMatch(/<!-- up to here -->\nAfter\n$/);
  expect(putHeadlines(written, recorded)).toBe(written);
});
