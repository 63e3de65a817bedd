import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../testing/start-app.ts';
import { AllowedPaths } from './allowed-paths.ts';
import { replaceFile } from './replace-file.ts';

test('of several who write a file at once each writes all of it, and leaves nothing else', async () => {
  const folder = newFolder();
  const paths = new AllowedPaths([{ value: folder }], 'default');
  const path = join(folder, 'shop.map');
  const texts = Array.from({ length: 20 }, (_, at) => String(at).repeat(100_000));
  await Promise.all(texts.map((text) => replaceFile(paths, path, text)));
  expect(readdirSync(folder)).toEqual(['shop.map']);
  expect(texts).toContain(readFileSync(path, 'utf8'));
});
