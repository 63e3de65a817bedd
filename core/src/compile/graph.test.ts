import { expect, test } from 'vitest';
import { survey } from './graph.ts';

function through(edges: Readonly<Record<string, readonly string[]>>) {
  return (key: string) => edges[key] ?? [];
}

test('what can be reached does not include the start, unless it is on a cycle', () => {
  const edges = through({ a: ['b', 'c'], b: ['d'], c: ['d'], d: ['c'] });
  expect([...survey('a', edges).reached].sort()).toEqual(['b', 'c', 'd']);
  expect(survey('a', edges).isCyclic).toBe(false);
  expect(survey('c', edges)).toMatchObject({ isCyclic: true, isTooLarge: false });
});

test('a diamond of many levels is too large, and is found so in no time', () => {
  const diamond = (key: string) => (Number(key) < 60 ? [`${Number(key) + 1}`, `${Number(key) + 1}`] : []);
  expect(survey('0', diamond).isTooLarge).toBe(true);
  expect(survey('52', diamond).isTooLarge).toBe(false);
});

test('a chain without end is too large, and does not run out of stack', () => {
  const chain = (key: string) => [`${Number(key) + 1}`];
  expect(survey('0', chain)).toMatchObject({ isTooLarge: true, isCyclic: false });
});
