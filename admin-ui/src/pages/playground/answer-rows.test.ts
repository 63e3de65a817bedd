import { expect, test } from 'vitest';
import { countsOf, fitting, rowsOf } from './answer-rows.ts';

const answer = (flag: string, variant: string, reason = 'STATIC') => ({
  ...{ flag, variant, value: variant, reason, metadata: {} },
});
const here = [answer('b', 'on', 'SPLIT'), answer('a', 'off'), answer('new', 'on')];
const before = [answer('a', 'on'), answer('b', 'on'), answer('gone', 'off')];
const flagsOf = (rows: readonly { flag: string }[]) => rows.map(({ flag }) => flag);

test('all flags of both revisions are there, with what each answers and answered', () => {
  expect(rowsOf(here, before).map(({ flag, words, was, differs }) => [flag, words, was, differs])).toEqual([
    ['a', 'off', 'on', true],
    ['b', 'on', 'on', false],
    ['gone', 'no such flag', 'off', true],
    ['new', 'on', 'no such flag', true],
  ]);
  expect(rowsOf(here, undefined).map(({ was, differs }) => [was, differs])).toEqual(Array(3).fill([undefined, false]));
});

test('they are narrowed by key, answer and reason, and to what differs unless all are asked for', () => {
  const rows = rowsOf(here, before);
  expect(flagsOf(fitting(rows, {}, true))).toEqual(['a', 'gone', 'new']);
  expect(flagsOf(fitting(rows, { same: true }, true))).toEqual(['a', 'b', 'gone', 'new']);
  expect(flagsOf(fitting(rows, { answer: 'on', same: true }, true))).toEqual(['b', 'new']);
  expect(flagsOf(fitting(rows, { reason: 'SPLIT', same: true }, true))).toEqual(['b']);
  expect(flagsOf(fitting(rowsOf(here, undefined), { search: 'NE' }, false))).toEqual(['new']);
});

test('kinds are counted, the most common first', () => {
  expect(countsOf(rowsOf(here, before), ({ words }) => words)).toEqual([
    ['on', 2],
    ['no such flag', 1],
    ['off', 1],
  ]);
  expect(countsOf(rowsOf(here, before), (row) => row.answer?.reason)).toEqual([
    ['STATIC', 2],
    ['SPLIT', 1],
  ]);
});
