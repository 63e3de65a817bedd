import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../tools/steps.ts';

test('the map of the server has each of its folders once, and no other', () => {
  const source = join(root, 'server/src');
  const folders = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const map = readFileSync(join(source, 'README.md'), 'utf8');
  const mapped = [...map.matchAll(/^\| `([a-z-]+)`/gm)].map(([, name]) => name);
  expect(mapped.sort()).toEqual(folders.map(({ name }) => name).sort());
});
