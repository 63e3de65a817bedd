import { expect, test } from 'vitest';
import { lineOf, placeIn } from './json-place.ts';

const text = JSON.stringify(
  { phases: { expand: { up: [{ sql: 'a' }, { sql: 'b', on: 'nwe' }] } }, n: 1 },
  undefined,
  2,
);
const shown = (path: string) => {
  const { from, to } = placeIn(text, path);
  return text.slice(from, to);
};

test('a path leads to its value, or to the name of what holds more', () => {
  const at = text.lastIndexOf('1');
  expect(placeIn(text, 'n')).toEqual({ from: at, to: at + 1 });
  expect(shown('phases.expand.up[1].on')).toBe('"nwe"');
  expect(shown('phases.expand.up')).toBe('"up"');
  expect(shown('phases.expand.up[0]')).toBe('{');
  expect(lineOf(text, placeIn(text, 'phases.expand.up[1].on').from)).toBe(10);
});

test('what is not there is placed at what is around it', () => {
  expect(shown('phases.expand.up[1].timeoutSeconds')).toBe('{');
  expect(shown('phases.contract.up')).toBe('"phases"');
  expect(shown('nothing')).toBe('{');
  expect(placeIn('', 'phases')).toEqual({ from: 0, to: 0 });
});

test('a text that is half typed still has its places', () => {
  const half = '{"phases": {"expand": {"up": [{"sql": 5}';
  const { from, to } = placeIn(half, 'phases.expand.up[0].sql');
  expect(half.slice(from, to)).toBe('5');
});
