import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { measureEach } from './measure-each.ts';
import type { Subject } from './subject.ts';

/** A program in the place of the bench: it fails for `bad`, else writes what it was asked. */
const standIn = `
import { writeFileSync } from 'node:fs';
const [name, ...args] = process.argv.slice(2);
if (name === 'bad') process.exit(1);
writeFileSync(args.at(-1), JSON.stringify([{ subject: name, args: args.slice(0, -2) }]));
`;

test('a subject that fails is told at the end, and the others are measured all the same', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const folder = mkdtempSync(join(tmpdir(), 'bunting-bench-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const main = join(folder, 'main.mjs');
  writeFileSync(main, standIn);
  const json = join(folder, 'out.json');
  const subjects = ['one', 'bad', 'two'].map((name) => ({ name }) as Subject);
  await expect(measureEach(subjects, { quick: false, record: true, json }, main)).rejects.toThrow(
    '1 of 3 could not be measured; again by: npm run bench -- bad --record',
  );
  expect(JSON.parse(readFileSync(json, 'utf8'))).toEqual([
    { subject: 'one', args: ['--record'] },
    { subject: 'two', args: ['--record'] },
  ]);
});
