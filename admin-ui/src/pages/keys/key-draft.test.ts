import { expect, test } from 'vitest';
import type { SdkKey } from '../../api/types.ts';
import { draftOfKey, newKeyDraft, patchOf, readKey, readOrigin } from './key-draft.ts';

const key: SdkKey = {
  ...{ id: '1', kind: 'client', name: 'shop', prefix: 'bnt_cli_abcd', createdAt: '2026-11-01T00:00:00.000Z' },
  ...{ expiresAt: '2026-12-01T12:00:00.000Z', revokedAt: null, lastUsedAt: null, replaces: null },
  origins: ['https://a.example.com', 'https://b.example.com'],
};

function patch(part: Partial<typeof newKeyDraft>) {
  const read = readKey({ ...draftOfKey(key), ...part }, key.kind);
  return read.ok ? patchOf(key, read.ready) : read.errors;
}

test('only what became another one is sent', () => {
  expect(patch({})).toBeUndefined();
  expect(patch({ name: ' shop ', expiresAt: '2026-12-01T12:00:00Z' })).toBeUndefined();
  expect(patch({ origins: ['https://b.example.com', 'https://a.example.com'] })).toBeUndefined();
  expect(patch({ name: 'shop pages' })).toEqual({ name: 'shop pages' });
  expect(patch({ expiresAt: undefined })).toEqual({ expiresAt: null });
  expect(patch({ origins: [] })).toEqual({ origins: null });
  expect(patch({ origins: ['https://a.example.com'] })).toEqual({ origins: ['https://a.example.com'] });
});

test('a key has a name, and only pages have origins', () => {
  expect(readKey({ ...newKeyDraft, name: ' ' }, 'server')).toEqual({ ok: false, errors: { name: expect.any(String) } });
  const facts = { name: 'api', expiresAt: null, origins: null };
  expect(readKey({ ...newKeyDraft, name: 'api', origins: ['https://a.example.com'] }, 'server')).toEqual({
    ...{ ok: true, ready: facts },
  });
});

test('an address becomes the origin that browsers say; what is none is explained', () => {
  expect(readOrigin('https://Shop.Example.com:443/checkout?x=1')).toEqual({ token: 'https://shop.example.com' });
  expect(readOrigin('http://localhost:3000')).toEqual({ token: 'http://localhost:3000' });
  for (const text of ['shop.example.com', 'ftp://a', 'https://*.example.com', 'localhost:3000', '']) {
    expect([text, readOrigin(text)]).toEqual([text, { problem: expect.stringContaining('https://shop.example.com') }]);
  }
});
