import { expect, test } from 'vitest';
import type { IdentityProvider } from '../../api/types.ts';
import { checkProvider, draftOf } from './provider-draft.ts';

const provider: IdentityProvider = {
  ...{ key: 'corp', name: 'Corp', issuer: 'https://id.example.com', clientId: 'bunting', scopes: 'openid email' },
  ...{ createUsers: true, emailDomains: ['example.com', 'example.org'], defaultRole: null },
  groups: { claim: 'groups', groups: [{ value: 'dev', group: 'g1' }] },
  ...{ callbackUrl: 'https://flags.example.com/callback', createdAt: '', updatedAt: '' },
};

test('a provider survives being edited: its secret and its mapped groups stay', () => {
  const checked = checkProvider(draftOf(provider), provider);
  expect(checked).toEqual({
    ok: true,
    ready: {
      key: 'corp',
      body: {
        ...{
          name: 'Corp',
          issuer: 'https://id.example.com',
          clientId: 'bunting',
          createUsers: true,
          defaultRole: null,
        },
        ...{ emailDomains: ['example.com', 'example.org'], scopes: 'openid email', groups: provider.groups },
      },
    },
  });
});

test('each mistake is told at its field', () => {
  const checked = checkProvider({ ...draftOf(undefined), issuer: 'id.example.com' }, undefined);
  expect(checked).toMatchObject({ ok: false, errors: { issuer: expect.stringContaining('https://') } });
  expect(Object.keys((checked as { errors: object }).errors).sort()).toEqual(['clientId', 'issuer', 'key', 'name']);
});
