import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Config, SOURCES, type Source } from './config.ts';
import { RELAY_SOURCES } from './relay-config.ts';

interface Row {
  readonly setting: string;
  /** What stands in code in the other cells. */
  readonly code: readonly string[];
}

const rows: readonly Row[] = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, setting, rest] = /^\| `([a-z][A-Za-z]+)` +\| (`[A-Z_]+`.*)$/.exec(line) ?? [];
    if (setting === undefined || rest === undefined) return [];
    return [{ setting, code: [...rest.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text) }];
  });
const relayOnly = ['upstream', 'keys'];

test('the README has each setting of the server and of relays, and no other', () => {
  const known = new Set([...Object.keys(SOURCES), ...relayOnly]);
  expect([...new Set(rows.map(({ setting }) => setting))].sort()).toEqual([...known].sort());
});

test('the README names the variable and the flag of each setting', () => {
  const sources: Readonly<Record<string, Source>> = { ...RELAY_SOURCES, ...SOURCES };
  for (const { setting, code } of rows) {
    const { variable, alias, flag } = sources[setting] ?? { variable: '' };
    const variables = code.filter((text) => /^[A-Z_]{3,}$/.test(text));
    expect([variable, alias], setting).toEqual(expect.arrayContaining(variables));
    expect(variables.length, setting).toBeGreaterThan(0);
    const flags = code.filter((text) => text.startsWith('--'));
    expect(flags, setting).toEqual(flag === undefined ? [] : [`--${flag}`]);
  }
});

test('the README says what each setting is when nobody sets it', () => {
  const defaults = Config.parse({});
  for (const setting of Object.keys(SOURCES) as (keyof Config)[]) {
    const value = defaults[setting];
    if (value === undefined || Array.isArray(value)) continue;
    const said = rows.filter((row) => row.setting === setting).flatMap(({ code }) => code);
    expect(said, setting).toContain(String(value));
  }
});
