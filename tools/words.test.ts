import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { root, run } from './steps.ts';

test('the catalogue has the words that the pages say: `npm run fix` renews it', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bunting-words-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  process.env.BUNTING_WORDS = folder;
  onTestFinished(() => {
    delete process.env.BUNTING_WORDS;
  });
  const { exitCode } = await run(['npm', '--prefix', 'admin-ui', 'run', '--silent', 'words'], 'on-failure');
  expect(exitCode).toBe(0);
  const now = messagesOf(join(folder, 'en/messages.po'));
  expect(now.length).toBeGreaterThan(1_000);
  expect(messagesOf(join(root, 'admin-ui/src/locales/en/messages.po'))).toEqual(now);
});

/** Each entry with where it is said, in order; but for the header, which has the time. */
function messagesOf(file: string): readonly string[] {
  return readFileSync(file, 'utf8').split('\n\n').slice(1);
}
