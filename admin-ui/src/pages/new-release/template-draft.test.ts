import { expect, test } from 'vitest';
import { checkTemplate } from './template-draft.ts';

test('a template is known by the key that is given, or by one that is made of its name', () => {
  const checked = checkTemplate({ key: '', name: ' Our canary! ', description: '' });
  expect(checked).toEqual({ ok: true, ready: { key: 'our-canary', name: 'Our canary!', description: '' } });
  expect(checkTemplate({ key: 'mine', name: 'Our canary', description: '' })).toMatchObject({ ready: { key: 'mine' } });
});

test('without a name there is none, and a name without letters wants a key', () => {
  expect(checkTemplate({ key: '', name: ' ', description: '' })).toMatchObject({
    errors: { name: expect.stringMatching(/^Name it/) },
  });
  expect(checkTemplate({ key: '', name: 'مرحبا', description: '' })).toMatchObject({
    errors: { key: expect.any(String) },
  });
});
