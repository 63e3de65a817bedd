import { expect, test } from 'vitest';
import { signContext } from './sign-context.ts';

test('signs the canonical JSON of the context', () => {
  // printf '{"plan":"pro","targetingKey":"ann"}' | openssl dgst -sha256 -hmac bnt_ctx_test
  const hash = '37fdeb6feba48f4b03cf93335bd71f95c7b3117a14915b79c8d1bc77454619d5';
  expect(signContext('bnt_ctx_test', { targetingKey: 'ann', plan: 'pro' })).toBe(hash);
  expect(signContext('bnt_ctx_test', { plan: 'pro', targetingKey: 'ann', gone: undefined })).toBe(hash);
  expect(signContext('bnt_ctx_other', { targetingKey: 'ann', plan: 'pro' })).not.toBe(hash);
});

test('signs what will arrive: dates as text, -0 as 0, what is undefined in a list as null', () => {
  const at = new Date('2026-01-31T12:00:00Z');
  const sent = { at, zero: -0, list: [undefined, 1e21] };
  const arrived = { at: '2026-01-31T12:00:00.000Z', zero: 0, list: [null, 1e21] };
  expect(signContext('s', sent)).toBe(signContext('s', arrived));
});

test('never throws: what cannot be signed is not proved', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  expect(signContext('s', circular)).toBe('');
  expect(signContext('s', { big: 1n })).toBe('');
  expect(signContext(undefined, {})).toBe('');
  expect(signContext('s', undefined as never)).toBe('');
});
