import { expect, test } from 'vitest';
import { ALL_POWERS } from '../access/powers.ts';
import { signedIn } from '../testing/browser.ts';
import { startApp } from '../testing/start-app.ts';
import type { Oidc, OidcClient } from './oidc.ts';
import type { Vouched } from './person.ts';
import { IdentityProviders, type Provider } from './service.ts';

const ASKER = { requestId: 'r1', origin: { address: '192.0.2.1' } };
const GRACE: Vouched = { subject: 's1', email: 'grace@example.com', name: 'Grace', groups: [] };

/** A server that knows a provider, without asking it anything. */
async function withProvider(settings: Partial<Provider['settings']> = {}) {
  const server = await startApp();
  const { database, arrivals } = server.app.bunting;
  await database
    .insertInto('identity_providers')
    .values({ id: 'p1', key: 'corp', settings: '{}', sealed: '', created_at: 0, updated_at: 0 })
    .execute();
  const provider: Provider = {
    id: 'p1',
    key: 'corp',
    createdAt: '',
    updatedAt: '',
    settings: {
      name: 'Corp',
      issuer: 'https://id.example.com',
      clientId: 'bunting',
      scopes: 'openid',
      createUsers: true,
      emailDomains: [],
      defaultRole: null,
      groups: null,
      ...settings,
    },
  };
  return { ...server, admit: (vouched: Vouched) => arrivals.admit(provider, vouched, ASKER) };
}

test('a first arrival makes an account with the default role, told in the audit log; the next writes nothing', async () => {
  const { call, admit } = await withProvider({ defaultRole: 'viewer' });
  const { id } = await admit(GRACE);
  const { items: grants } = (await call('GET', `/grants?user=${id}`)).body;
  expect(grants).toMatchObject([{ role: 'viewer', project: null }]);
  const actions = async () =>
    (await call('GET', '/audit')).body.items.map(({ action }: { action: string }) => action) as string[];
  const before = await actions();
  expect(before.slice(0, 3)).toEqual(['user.identity-linked', 'grant.created', 'user.created']);
  expect((await admit(GRACE)).id).toBe(id);
  expect(await actions()).toEqual(before);
});

test('a known subject stays who it is when its address changes; another one with the old address is linked to it', async () => {
  const { admit } = await withProvider();
  const { id } = await admit(GRACE);
  expect((await admit({ ...GRACE, email: 'hopper@example.com' })).id).toBe(id);
  expect((await admit({ ...GRACE, subject: 's2' })).id).toBe(id);
  expect((await admit({ ...GRACE, subject: 's3', email: 'hopper@example.com' })).id).not.toBe(id);
});

test('two arrivals of one person at once make one account', async () => {
  const { admit, call } = await withProvider();
  const [one, another] = await Promise.all([admit(GRACE), admit(GRACE)]);
  expect(one.id).toBe(another.id);
  expect((await call('GET', '/users')).body.items).toHaveLength(1);
});

test('groups follow the claims: joined and left, and those that are not mapped are left alone', async () => {
  const { call, admit: admitBy, app } = await withProvider();
  const make = async (name: string) => (await call('POST', '/groups', { name })).body.id as string;
  const [devs, ops, others] = [await make('devs'), await make('ops'), await make('others')];
  const mapping = { claim: 'groups', groups: [devs, ops].map((group) => ({ value: group, group })) };
  const { id } = await admitBy(GRACE);
  await app.bunting.database.insertInto('group_members').values({ group_id: others, user_id: id }).execute();
  const known = await app.bunting.identityProviders.get('corp');
  const provider = { ...known, settings: { ...known.settings, groups: mapping } };
  const admit = (groups: string[]) => app.bunting.arrivals.admit(provider, { ...GRACE, groups }, ASKER);
  const groupsOf = async () =>
    (await app.bunting.database.selectFrom('group_members').select('group_id').execute())
      .map((row) => row.group_id)
      .sort();
  await admit([devs, ops]);
  expect(await groupsOf()).toEqual([devs, ops, others].sort());
  await admit([ops, 'a group that was removed']);
  expect(await groupsOf()).toEqual([ops, others].sort());
});

test('nobody without an account comes where none are made, and nobody whose account is disabled', async () => {
  const { admit, call } = await withProvider({ createUsers: false });
  await expect(admit(GRACE)).rejects.toMatchObject({ problem: 'no_account' });
  const { body } = await call('POST', '/users', { email: GRACE.email, name: 'Grace' });
  expect((await admit(GRACE)).id).toBe(body.user.id);
  await call('PATCH', `/users/${body.user.id}`, { disabled: true });
  await expect(admit(GRACE)).rejects.toMatchObject({ problem: 'account_disabled' });
});

test('of another issuer a subject is not who it was, and the secret of the one before is not sent there', async () => {
  const { app, call } = await startApp();
  const { database, changes, vault, book, arrivals } = app.bunting;
  const sent: string[] = [];
  const oidc = {
    discover: async ({ issuer, clientSecret }: OidcClient) => void sent.push(`${issuer} ${clientSecret}`),
  } as unknown as Oidc;
  const providers = new IdentityProviders({ database, changes, vault, book, oidc });
  const first = { name: 'Corp', issuer: 'https://one.example.com', clientId: 'bunting', createUsers: true };
  const caller = { actor: { kind: 'system', id: 'test', name: 'test' }, ...ALL_POWERS } as const;
  const made = await providers.save(caller, 'corp', { ...first, clientSecret: 'one' });
  const grace = await arrivals.admit(made, GRACE, ASKER);
  expect((await providers.save(caller, 'corp', { ...first, name: 'Corporation' })).id).toBe(made.id);

  const second = { ...first, issuer: 'https://two.example.com' };
  await expect(providers.save(caller, 'corp', second)).rejects.toMatchObject({ details: [{ path: 'clientSecret' }] });
  const moved = await providers.save(caller, 'corp', { ...second, clientSecret: 'two' });
  expect(sent).toEqual([`${first.issuer} one`, `${first.issuer} one`, `${second.issuer} two`]);
  const other = await arrivals.admit(moved, { ...GRACE, email: 'eve@example.com' }, ASKER);
  expect(other.id).not.toBe(grace.id);
  expect((await call('GET', '/users?search=eve')).body.items).toMatchObject([{ id: other.id }]);
});

test('a provider is checked before it is saved, and nobody gives by it what they do not have', async () => {
  const server = await startApp();
  const { call } = server;
  const owner = await signedIn(server.app);
  const input = { name: 'Corp', issuer: 'https://127.0.0.1:1', clientId: 'bunting', clientSecret: 'hidden secret' };
  const refused = async (changes: object) =>
    (await call('PUT', '/identity-providers/corp', { ...input, ...changes })).body.details;
  expect(await refused({})).toMatchObject([
    { path: 'issuer', message: expect.stringContaining('BUNTING_EGRESS_ALLOW') },
  ]);
  expect(await refused({ issuer: 'nonsense' })).toMatchObject([{ path: 'issuer' }]);
  expect(await refused({ defaultRole: 'no-such-role' })).toMatchObject([{ path: 'defaultRole' }]);
  await call('PUT', '/roles/newcomer', { name: 'Newcomer', permissions: ['project:read'] });
  const row = { id: 'p', key: 'corp', sealed: '', created_at: 0, updated_at: 0 };
  const settings = JSON.stringify({ ...input, defaultRole: 'newcomer' });
  await server.app.bunting.database
    .insertInto('identity_providers')
    .values({ ...row, settings })
    .execute();
  expect((await call('DELETE', '/roles/newcomer')).body).toMatchObject({
    ...{ code: 'conflict', message: expect.stringContaining('Identity provider "corp"') },
  });
  await server.app.bunting.database.deleteFrom('identity_providers').execute();
  const groups = { claim: 'groups', groups: [{ value: 'a', group: 'none' }] };
  expect(await refused({ groups })).toMatchObject([{ path: 'groups.groups[0].group' }]);
  expect(await refused({ scopes: 'email' })).toMatchObject([{ path: 'scopes' }]);
  const alone = await owner.call('PUT', '/sign-in-policy', { passwords: 'owners', requireSecondFactor: false });
  expect(alone).toMatchObject({ status: 400, body: { details: [{ path: 'passwords' }] } });
  expect(server.logs.join('')).not.toContain('hidden secret');
});
