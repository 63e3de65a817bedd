import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { record } from './record.ts';
import type { Result } from './subject.ts';

const line: Result = {
  subject: 'push',
  case: 'p50 | p99',
  unit: 'ms',
  better: 'lower',
  ours: 3,
  budget: 2,
  node: 'v24.0.0',
  date: '2026-01-02T03:04:05.000Z',
};

test('a subject’s figures take the place of its earlier ones, and leave the others alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bunting-bench-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'figures.md');
  for (const [name, ours] of [
    ['push', 1],
    ['push-more', 2],
    ['push', 3],
  ] as const) {
    record({ subject: { name, about: 'how long' }, results: [{ ...line, ours }], notes: ['a note'] }, file);
  }
  const text = readFileSync(file, 'utf8');
  expect(text.match(/^## .*/gm)).toEqual(['## push', '## push-more']);
  expect(text).toContain('| p50 \\| p99 | ms | 3 | 2 MISSED |');
  expect(text).not.toContain('| 1 |');
  expect(text).toMatch(/How long\. 2026-01-02, Node v24\.0\.0, \d+ cores/);
  expect(text.match(/- a note/g)).toHaveLength(2);
});
