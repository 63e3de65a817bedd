import { expect, test } from 'vitest';
import { isBefore, isConfirmed, nextPhase, planLine } from './plan-line.ts';

test('each phase says where the plan is, where it goes, how far back it may, and where the ways back end', () => {
  const line = planLine({
    ...{ phase: 'backfill', wanted: 'read_new', floor: 'dual_write' },
    pointsOfNoReturn: [{ phase: 'contract', reason: 'It is gone.' }],
  });
  const of = (name: string) => line.find(({ phase }) => phase === name);
  expect(line).toHaveLength(9);
  expect(of('expand')).toMatchObject({ state: 'done', isClosed: true });
  expect(of('dual_write')).toMatchObject({ state: 'done', isClosed: false });
  expect(of('backfill')).toMatchObject({ state: 'now', isWanted: false });
  expect(of('read_new')).toMatchObject({ state: 'ahead', isWanted: true, pointOfNoReturn: undefined });
  expect(of('contract')).toMatchObject({ state: 'ahead', pointOfNoReturn: 'It is gone.' });
});

test('the next phase is the one beside it, and contract has none', () => {
  expect(nextPhase({ phase: 'baseline' })).toBe('expand');
  expect(nextPhase({ phase: 'contract' })).toBeUndefined();
  expect(isBefore('expand', 'dual_write')).toBe(true);
  expect(isBefore('contract', 'baseline')).toBe(false);
});

test('only what removes data wants the key of the plan typed, and that exactly', () => {
  expect(isConfirmed('stop_old_write', 'orders', '')).toBe(true);
  expect(isConfirmed('contract', 'orders', '')).toBe(false);
  expect(isConfirmed('contract', 'orders', 'order')).toBe(false);
  expect(isConfirmed('contract', 'orders', ' orders ')).toBe(true);
});
