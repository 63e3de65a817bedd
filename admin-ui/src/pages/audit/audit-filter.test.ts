import { expect, test } from 'vitest';
import type { AuditSearch } from '../../searches.ts';
import { everything, filterOf, filterWords, narrowings } from './audit-filter.ts';

const all: AuditSearch = {
  ...{ search: 'x', environment: 'production', kind: 'flag', target: 'a', actor: 'u1', action: 'flag.killed' },
  ...{ change: 'c', from: '2026-03-01', until: '2026-03-01', everywhere: undefined },
};

test('a day is asked for whole, by the clock of whoever reads', () => {
  const { from, until } = filterOf('default', all);
  expect(Date.parse(until ?? '') - Date.parse(from ?? '')).toBe(86_400_000);
  expect(new Date(from ?? '').getDate()).toBe(1);
});

test('everywhere names no project and no environment of one', () => {
  expect(filterOf('default', all)).toMatchObject({ project: 'default', environment: 'production', target: 'a' });
  const everywhere = filterOf('default', { ...all, everywhere: true });
  expect(everywhere.project ?? everywhere.environment).toBeUndefined();
});

test('what no field shows can be taken away one by one, and all at once', () => {
  expect(narrowings(all, () => 'Ada').map(({ name }) => name)).toContain('By: Ada');
  let rest = all;
  for (const { without } of narrowings(all, String)) rest = { ...rest, ...without };
  expect(narrowings(rest, String)).toEqual([]);
  expect(filterOf('default', { ...all, ...everything })).toEqual({ project: 'default', search: 'x' });
});

test('paper tells everything that narrows the log, by names where they are known', () => {
  const nameOf = (actor: string) => (actor === '1' ? 'Ada' : actor);
  expect(filterWords({}, nameOf)).toEqual([]);
  expect(filterWords({ kind: 'flag', actor: '1', until: '2026-11-21', search: 'x' }, nameOf)).toEqual([
    ['Kind of target', 'flag'],
    ['By', 'Ada'],
    ['Until day', '2026-11-21'],
    ['With the text', 'x'],
  ]);
});
