import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SDK } from './version.ts';

it('introduces itself by the name and version of package.json', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(SDK).toEqual({ name, version });
});
