import { expect, test } from 'vitest';
import { contextText, readContext } from './read-context.ts';

test('a context is an object of JSON', () => {
  expect(readContext(contextText())).toEqual({ ok: true, context: { targetingKey: 'user-1' } });
  expect(contextText({ plan: 'pro' })).toBe('{\n  "plan": "pro"\n}');
  expect(contextText('{"half')).toBe('{"half');
  expect(readContext('{}')).toEqual({ ok: true, context: {} });
});

test('what is none is told with what would be one', () => {
  for (const text of ['', '[]', 'null', '"user-1"', '{targetingKey: 1}', '{"targetingKey": 1}']) {
    expect(readContext(text)).toMatchObject({ ok: false, error: expect.any(String) });
  }
});
