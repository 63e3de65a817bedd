import { expect, it } from 'vitest';
import { log } from './logger.ts';

it('survives a logger that throws, and one that rejects', async () => {
  const lines: string[] = [];
  const fail = (line: string) => {
    lines.push(line);
    throw new Error('the disk is full');
  };
  log({ warn: fail }, 'warn', 'one');
  log({ warn: async (line: string) => fail(line) }, 'warn', 'other');
  // A rejection that nobody takes is told in a later turn, and fails the run.
  await new Promise((resolve) => setImmediate(resolve));
  expect(lines).toEqual(['one', 'other']);
});
