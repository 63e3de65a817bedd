import { KEY_PATTERN } from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyDraft, type FlagDraft, readDraft, readValue, suggestKey } from './flag-draft.ts';

function errorsOf(part: Partial<FlagDraft>) {
  const read = readDraft({ ...emptyDraft, key: 'ok', ...part });
  return read.ok ? {} : read.errors;
}

test('a boolean flag needs a key and nothing else', () => {
  const read = readDraft({ ...emptyDraft, key: 'new-checkout' });
  expect(read).toEqual({
    ok: true,
    ready: { key: 'new-checkout', type: 'boolean', kind: 'release', clientVisible: false },
  });
});

test('values are sent as values of the type', () => {
  const variants = [
    { name: 'low', text: '0.25' },
    { name: 'high', text: ' 10 ' },
  ];
  expect(readDraft({ ...emptyDraft, key: 'rate', type: 'number', variants })).toMatchObject({
    ok: true,
    ready: {
      variants: [
        { name: 'low', value: 0.25 },
        { name: 'high', value: 10 },
      ],
    },
  });
});

test('a key that is nearly right is answered with the right one', () => {
  expect(errorsOf({ key: 'New Checkout!' }).key).toContain('new-checkout');
  expect(errorsOf({ key: '' }).key).toBe('Enter the key that the code asks for.');
});

test('each variant says what is wrong with it', () => {
  const variants = [
    { name: '', text: '1' },
    { name: 'b', text: 'x' },
    { name: 'b', text: '' },
  ];
  expect(Object.keys(errorsOf({ type: 'number', variants })).sort()).toEqual([
    'variants[0].name',
    'variants[1].value',
    'variants[2].value',
  ]);
  const twice = [
    { name: 'b', text: '1' },
    { name: ' b ', text: '2' },
  ];
  expect(errorsOf({ type: 'number', variants: twice })).toHaveProperty(['variants[1].name']);
});

test('an object variant must be a JSON object, not just JSON', () => {
  expect(readValue('object', '{"limit": 10}')).toEqual({ ok: true, value: { limit: 10 } });
  for (const text of ['[1]', 'null', '3', '{limit: 10}', '']) expect(readValue('object', text).ok).toBe(false);
});

test('an empty text is a string, but no number', () => {
  expect(readValue('string', '')).toEqual({ ok: true, value: '' });
  expect(readValue('number', '  ').ok).toBe(false);
  expect(readValue('number', 'Infinity').ok).toBe(false);
});

test('whatever is typed, the suggestion is a key or nothing', () => {
  const key = new RegExp(KEY_PATTERN);
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      const suggestion = suggestKey(text);
      expect(suggestion === '' || key.test(suggestion)).toBe(true);
    }),
  );
});
