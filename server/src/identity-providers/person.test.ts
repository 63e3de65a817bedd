import { expect, test } from 'vitest';
import { readClaims } from './person.ts';
import type { Provider } from './service.ts';
import { pathWithin } from './sign-in-routes.ts';

const SETTINGS: Provider['settings'] = {
  name: 'Corp',
  issuer: 'https://id.example.com',
  clientId: 'bunting',
  scopes: 'openid',
  createUsers: true,
  emailDomains: ['example.com'],
  defaultRole: null,
  groups: { claim: 'groups', groups: [{ value: 'devs', group: 'g1' }] },
};
const CLAIMS = { sub: 's1', email: 'Grace@Example.com', email_verified: true, name: 'Grace' };

test('reads who is vouched for', () => {
  const vouched = { subject: 's1', email: 'grace@example.com', name: 'Grace', groups: [] };
  expect(readClaims(CLAIMS, SETTINGS)).toEqual(vouched);
  expect(readClaims({ ...CLAIMS, groups: ['devs', 'choir'] }, SETTINGS).groups).toEqual(['g1']);
  expect(readClaims({ ...CLAIMS, groups: 'devs' }, SETTINGS).groups).toEqual(['g1']);
  expect(readClaims({ ...CLAIMS, groups: { devs: true } }, SETTINGS).groups).toEqual([]);
  expect(readClaims(CLAIMS, { ...SETTINGS, groups: null }).groups).toBeUndefined();
  expect(readClaims({ ...CLAIMS, name: 7 }, SETTINGS).name).toBe('grace@example.com');
});

test.each([
  [{ email_verified: false }, 'email_unverified'],
  [{ email_verified: undefined }, 'email_unverified'],
  [{ email_verified: 1 }, 'email_unverified'],
  [{ email: undefined }, 'email_unverified'],
  [{ email: ['grace@example.com'] }, 'email_unverified'],
  [{ email: 'grace@evil.example@example.com' }, 'email_unverified'],
  [{ email: 'grace@example.com.evil.example' }, 'domain_refused'],
])('%j is refused: %s', (claims, problem) => {
  expect(() => readClaims({ ...CLAIMS, ...claims }, SETTINGS)).toThrow(expect.objectContaining({ problem }));
});

test.each([
  ['/projects/a/flags?search=b#c', '/projects/a/flags?search=b#c'],
  [undefined, '/'],
  ['', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/./\\evil.example', '/'],
  ['/.//evil.example', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
])('after a sign-in, %j leads to %s', (next, path) => {
  expect(pathWithin(next)).toBe(path);
});
