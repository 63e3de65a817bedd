import type { InjectOptions } from 'fastify';
import { describe, expect, test, vi } from 'vitest';
import { Browser, signedIn } from '../testing/browser.ts';
import { startProgram } from '../testing/programs.ts';
import { startApp } from '../testing/start-app.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** RFC 7644, section 3.3; here a userName is an address. */
const BARBARA = {
  schemas: [USER],
  userName: 'bjensen@example.com',
  externalId: 'bjensen',
  name: { formatted: 'Ms. Barbara J Jensen III', familyName: 'Jensen', givenName: 'Barbara' },
};

/** A server, and a directory that calls it by the token of a service account. */
async function start(role = 'admin') {
  const server = await startApp({ config: { publicUrl: 'https://flags.example.com' } });
  const { headers } = await startProgram(server, role);
  const scim = async (method: InjectOptions['method'], path: string, body?: object) => {
    const response = await server.app.inject({
      method,
      url: `/scim/v2${path}`,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }) },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    expect(response.statusCode === 204 || response.headers['content-type']).toSatisfy(
      (type: unknown) => type === true || type === 'application/scim+json; charset=utf-8',
    );
    return {
      status: response.statusCode,
      headers: response.headers,
      body: response.body === '' ? null : response.json(),
    };
  };
  const patch = (path: string, ...Operations: object[]) => scim('PATCH', path, { schemas: [PATCH_OP], Operations });
  const create = async (userName: string) => (await scim('POST', '/Users', { schemas: [USER], userName })).body;
  return { ...server, scim, patch, create };
}

describe('users', () => {
  test('one is created, read, found by its name in any case, and found no second time', async () => {
    const { scim } = await start();
    const { status, headers, body } = await scim('POST', '/Users', BARBARA);
    expect(status).toBe(201);
    const location = `https://flags.example.com/scim/v2/Users/${body.id}`;
    expect(headers.location).toBe(location);
    expect(body).toEqual({
      schemas: [USER],
      id: expect.any(String),
      externalId: 'bjensen',
      userName: 'bjensen@example.com',
      displayName: 'Ms. Barbara J Jensen III',
      name: { formatted: 'Ms. Barbara J Jensen III' },
      emails: [{ value: 'bjensen@example.com', primary: true }],
      active: true,
      meta: { resourceType: 'User', created: expect.any(String), location },
    });
    expect((await scim('GET', `/Users/${body.id}`)).body).toEqual(body);
    const find = (filter: string) => scim('GET', `/Users?filter=${encodeURIComponent(filter)}`);
    for (const filter of [
      'userName eq "BJensen@Example.com"',
      'USERNAME EQ "bjensen@example.com"',
      `${USER}:userName eq "bjensen@example.com"`,
      'externalId eq "bjensen" and userName eq "bjensen@example.com"',
    ]) {
      const { body: list } = await find(filter);
      expect([filter, list]).toEqual([
        filter,
        {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
          totalResults: 1,
          startIndex: 1,
          itemsPerPage: 1,
          Resources: [body],
        },
      ]);
    }
    expect((await find('userName eq "nobody@example.com"')).body).toMatchObject({ totalResults: 0, Resources: [] });
    expect(await scim('POST', '/Users', BARBARA)).toMatchObject({
      status: 409,
      body: { schemas: [ERROR], status: '409', scimType: 'uniqueness' },
    });
  });

  test('pages are counted from 1, and out of range is the nearest', async () => {
    const { scim, create } = await start();
    for (const name of ['a', 'b', 'c']) await create(`${name}@example.com`);
    const page = async (query: string) => {
      const { body } = await scim('GET', `/Users?${query}`);
      const names = body.Resources.map(({ userName }: { userName: string }) => userName[0]).join('');
      return [names, body.totalResults, body.startIndex, body.itemsPerPage];
    };
    expect(await page('startIndex=1&count=2')).toEqual(['ab', 3, 1, 2]);
    expect(await page('startIndex=3&count=2')).toEqual(['c', 3, 3, 1]);
    expect(await page('startIndex=-5&count=-1')).toEqual(['', 3, 1, 0]);
    expect(await page('startIndex=9')).toEqual(['', 3, 9, 0]);
    const { body } = await scim('GET', '/Users?attributes=userName&count=1');
    expect(body.Resources).toEqual([{ schemas: [USER], id: expect.any(String), userName: 'a@example.com' }]);
  });

  test('a whole user takes the place of what was, and what is not named is as if it were new', async () => {
    const { scim } = await start();
    const { body } = await scim('POST', '/Users', BARBARA);
    const next = { schemas: [USER], userName: 'babs@example.com', name: { givenName: 'Babs', familyName: 'Jensen' } };
    const { body: replaced } = await scim('PUT', `/Users/${body.id}`, next);
    expect(replaced).toMatchObject({
      id: body.id,
      userName: 'babs@example.com',
      displayName: 'Babs Jensen',
      active: true,
    });
    expect(replaced.externalId).toBeUndefined();
  });

  test.each([
    ['RFC 7644', { op: 'replace', path: 'active', value: false }],
    ['Okta', { op: 'replace', value: { active: false } }],
    ['Entra ID', { op: 'Replace', path: 'active', value: 'False' }],
    ['with its schema', { op: 'replace', path: `${USER}:active`, value: false }],
  ])('whoever is deactivated is out at once (%s)', async (_, operation) => {
    const { app, call, scim, patch, create } = await start();
    const { id } = await create('grace@example.com');
    await call('POST', '/grants', { subject: { kind: 'user', id }, role: 'viewer' });
    const { body: link } = await call('POST', `/users/${id}/link`);
    const browser = new Browser(app);
    await browser.call('POST', '/password', { token: link.token, password: 'a long enough password' });
    const { body: token } = await browser.call('POST', '/tokens', { name: 'x', expiresInDays: 1 });
    const byToken = { authorization: `Bearer ${token.secret}` };
    expect((await call('GET', '/projects', undefined, byToken)).status).toBe(200);
    expect((await patch(`/Users/${id}`, operation)).body).toMatchObject({ active: false });
    expect((await call('GET', '/projects', undefined, byToken)).status).toBe(401);
    expect((await browser.call('GET', '/session')).status).toBe(401);
    expect((await patch(`/Users/${id}`, { op: 'Replace', path: 'active', value: 'True' })).body.active).toBe(true);
    expect((await call('GET', '/projects', undefined, byToken)).status).toBe(200);
    expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204);
    expect((await scim('GET', `/Users/${id}`)).body).toMatchObject({ schemas: [ERROR], status: '404' });
  });

  test('what directories send besides is left out, and what they cannot mean is refused', async () => {
    const { scim, patch, create } = await start();
    const { id } = await create('grace@example.com');
    const many = await patch(
      `/Users/${id}`,
      { op: 'Add', path: 'emails[type eq "work"].value', value: 'g@work.example.com' },
      { op: 'Add', path: 'name.givenName', value: 'Grace' },
      { op: 'Replace', value: { 'name.formatted': 'Grace Hopper', title: 'Admiral' } },
      { op: 'Add', path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department', value: 'Navy' },
      { op: 'replace', value: { 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'x' } } },
    );
    expect(many).toMatchObject({ status: 200, body: { displayName: 'Grace Hopper', userName: 'grace@example.com' } });
    const refused: [object, string][] = [
      [{ op: 'move', path: 'active' }, 'invalidSyntax'],
      [{ op: 'replace', path: 'active', value: 'perhaps' }, 'invalidValue'],
      [{ op: 'replace', path: 'userName', value: 'grace' }, 'invalidValue'],
      [{ op: 'remove', path: 'userName' }, 'invalidValue'],
      [{ op: 'remove' }, 'invalidPath'],
      [{ op: 'replace', path: '][', value: 1 }, 'invalidPath'],
      [{ op: 'add', value: 'text' }, 'invalidSyntax'],
    ];
    for (const [operation, scimType] of refused) {
      const { status, body } = await patch(`/Users/${id}`, operation);
      expect([operation, status, body.scimType]).toEqual([operation, 400, scimType]);
    }
    for (const body of [{}, { userName: 'no address' }, { userName: 7 }]) {
      expect(await scim('POST', '/Users', body)).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
    }
    for (const filter of ['userName co "a"', 'password eq "x"', 'userName eq a', 'userName eq "a" or id eq "b"', '']) {
      const answer = await scim('GET', `/Users?filter=${encodeURIComponent(filter)}`);
      expect([filter, answer.status, answer.body.scimType]).toEqual([filter, 400, 'invalidFilter']);
    }
  });
});

describe('groups', () => {
  test('members come and go as RFC 7644, Okta and Entra ID say it, and have what the group is granted', async () => {
    const { app, call, scim, patch, create } = await start();
    const [a, b, c] = [await create('a@example.com'), await create('b@example.com'), await create('c@example.com')];
    const { status, body: group } = await scim('POST', '/Groups', {
      schemas: [GROUP],
      displayName: 'Tour Guides',
      members: [{ value: a.id, display: 'A' }],
    });
    expect(status).toBe(201);
    expect(group).toMatchObject({ displayName: 'Tour Guides', members: [{ value: a.id, display: 'a@example.com' }] });
    const path = `/Groups/${group.id}`;
    const names = { [a.id]: 'a', [b.id]: 'b', [c.id]: 'c' } as Record<string, string>;
    const after = async (...operations: object[]) => {
      const answer = await patch(path, ...operations);
      expect([operations, answer.status]).toEqual([operations, 200]);
      return answer.body.members.map(({ value }: { value: string }) => names[value]).join('');
    };
    expect(await after({ op: 'add', path: 'members', value: [{ value: b.id }, { value: c.id }] })).toBe('abc');
    expect(await after({ op: 'add', path: 'members', value: [{ value: b.id }] })).toBe('abc');
    expect(await after({ op: 'remove', path: `members[value eq "${a.id}"]` })).toBe('bc');
    expect(await after({ op: 'Remove', path: 'members', value: [{ value: b.id }] })).toBe('c');
    expect(await after({ op: 'replace', path: 'members', value: [{ value: a.id }, { value: b.id }] })).toBe('ab');
    expect(await after({ op: 'replace', value: { displayName: 'Guides' } })).toBe('ab');
    expect((await call('GET', '/groups')).body.items[0]).toMatchObject({ name: 'Guides', memberCount: 2 });

    await call('POST', '/grants', { subject: { kind: 'group', id: group.id }, role: 'viewer' });
    const { book } = app.bunting;
    expect(book.powersOf('user', a.id).can('flag:read', {})).toBe(true);
    expect(await after({ op: 'remove', path: 'members' })).toBe('');
    expect(book.powersOf('user', a.id).can('flag:read', {})).toBe(false);

    const unknown = await patch(path, { op: 'add', path: 'members', value: [{ value: 'nobody' }] });
    expect(unknown).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
    expect((await scim('PUT', path, { displayName: 'Guides', members: [{ value: c.id }] })).body.members).toHaveLength(
      1,
    );
    expect((await scim('GET', `${path}?excludedAttributes=members`)).body.members).toBeUndefined();
    const filter = encodeURIComponent(`id eq "${group.id}" and members eq "${c.id}"`);
    expect((await scim('GET', `/Groups?filter=${filter}`)).body.totalResults).toBe(1);
    const byName = encodeURIComponent('displayName eq "Guides"');
    expect((await scim('GET', `/Groups?filter=${byName}`)).body.Resources).toMatchObject([{ id: group.id }]);
    expect((await scim('POST', '/Groups', { displayName: 'Guides' })).body.scimType).toBe('uniqueness');
    expect((await scim('DELETE', path)).status).toBe(204);
    expect((await scim('GET', path)).status).toBe(404);
  });
});

test('a name that is taken stays whose it is, however it is asked for', async () => {
  const { scim, patch, create } = await start();
  const [, { id }] = [await create('a@example.com'), await create('b@example.com')];
  await scim('POST', '/Groups', { displayName: 'A' });
  const { body: group } = await scim('POST', '/Groups', { displayName: 'B' });
  for (const answer of [
    await scim('POST', '/Users', { userName: 'A@example.com' }),
    await scim('PUT', `/Users/${id}`, { userName: 'a@example.com' }),
    await patch(`/Users/${id}`, { op: 'replace', path: 'userName', value: 'a@example.com' }),
    await scim('POST', '/Groups', { displayName: 'A' }),
    await scim('PUT', `/Groups/${group.id}`, { displayName: 'A' }),
    await patch(`/Groups/${group.id}`, { op: 'Replace', value: { id: group.id, displayName: 'A' } }),
  ]) {
    expect(answer).toMatchObject({ status: 409, body: { schemas: [ERROR], status: '409', scimType: 'uniqueness' } });
  }
  expect((await scim('GET', `/Users/${id}`)).body.userName).toBe('b@example.com');
  const nameless = await patch(`/Groups/${group.id}`, { op: 'remove', path: 'displayName' });
  expect(nameless).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
});

test('a page of groups, each with its own members, takes as many queries as one group', async () => {
  const { app, scim, create } = await start();
  const [a, b] = [await create('a@example.com'), await create('b@example.com')];
  const fill = (displayName: string, ...members: { id: string }[]) =>
    scim('POST', '/Groups', { displayName, members: members.map(({ id }) => ({ value: id })) });
  await fill('One', a);
  const queries = vi.spyOn(app.bunting.database, 'selectFrom');
  const list = async () => {
    queries.mockClear();
    const { body } = await scim('GET', '/Groups');
    const members = body.Resources.map((group: { members: { display: string }[] }) =>
      group.members.map(({ display }) => display[0]).join(''),
    );
    return { members, queries: queries.mock.calls.length };
  };
  const one = await list();
  expect(one.members).toEqual(['a']);
  await fill('Three', a, b);
  await fill('Two');
  expect(await list()).toEqual({ members: ['a', 'ab', ''], queries: one.queries });
});

test('a directory may no more than its token: not touch owners, nor fill a group that may do more', async () => {
  const { app, call, scim, patch, create } = await start('admin');
  const owner = await signedIn(app);
  const { id } = (await owner.call('GET', '/session')).body.user;
  const { id: eve } = await create('eve@example.com');
  const { body: group } = await scim('POST', '/Groups', { displayName: 'Owners' });
  await call('POST', '/grants', { subject: { kind: 'group', id: group.id }, role: 'owner' });
  for (const answer of [
    await patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false }),
    await scim('DELETE', `/Users/${id}`),
    await patch(`/Groups/${group.id}`, { op: 'add', path: 'members', value: [{ value: eve }] }),
  ]) {
    expect(answer).toMatchObject({ status: 403, body: { schemas: [ERROR], status: '403' } });
  }
});

test('the last owner stays, whatever a directory says', async () => {
  const { app, patch } = await start('owner');
  const owner = await signedIn(app);
  const { id } = (await owner.call('GET', '/session')).body.user;
  const answer = await patch(`/Users/${id}`, { op: 'replace', value: { active: false } });
  expect(answer).toMatchObject({ status: 409, body: { detail: expect.stringContaining('Nobody would be an owner') } });
});

test('who may not manage people, or is unknown, is refused in the words of SCIM', async () => {
  const { app, scim } = await start('viewer');
  expect(await scim('POST', '/Users', BARBARA)).toMatchObject({ status: 403, body: { schemas: [ERROR] } });
  const response = await app.inject({ url: '/scim/v2/Users' });
  expect([response.statusCode, response.json().schemas]).toEqual([401, [ERROR]]);
  expect(await scim('GET', '/Nothing')).toMatchObject({ status: 404, body: { schemas: [ERROR], status: '404' } });
});

test('it says what it can do, and what its resources look like', async () => {
  const { scim } = await start();
  const { body: config } = await scim('GET', '/ServiceProviderConfig');
  expect(config).toMatchObject({ patch: { supported: true }, bulk: { supported: false }, etag: { supported: false } });
  const { body: types } = await scim('GET', '/ResourceTypes');
  expect(types.Resources.map(({ endpoint }: { endpoint: string }) => endpoint)).toEqual(['/Users', '/Groups']);
  const { body: schemas } = await scim('GET', '/Schemas');
  for (const { id } of schemas.Resources) {
    expect((await scim('GET', `/Schemas/${id}`)).body).toMatchObject({ id, attributes: expect.any(Array) });
  }
  expect((await scim('GET', '/ResourceTypes/User')).body).toMatchObject({ schema: USER });
  expect((await scim('GET', '/Schemas/nothing')).status).toBe(404);
});
