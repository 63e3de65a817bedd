import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SUBPROTOCOL } from '@bunting/core';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Browser, OWNER, signedIn } from '../testing/browser.ts';
import { type Answer, startApp, toAnswer } from '../testing/start-app.ts';
import { hello, listen } from '../testing/stream-client.ts';
import { engine } from '../testing/test-database.ts';

/** Fields of answers and requests that hold what nobody else may have. */
const SECRET_FIELDS = /^(secret|token|password|oldPassword|code|recoveryCodes|uri|key)$/i;

/** Everything secret that went over the wire, by where. */
class Seen {
  readonly secrets = new Map<string, string>();
  readonly errors: string[] = [];

  add(where: string, secret: string | undefined): void {
    // What is shorter is found by chance.
    if (secret !== undefined && secret.length >= 12) this.secrets.set(secret, where);
  }

  /** Notes what a call sent and was answered. */
  note(where: string, sent: unknown, { status, body }: Answer): void {
    this.#walk(`${where}, sent`, sent);
    if (status < 400) this.#walk(`${where}, answered`, body);
    else this.errors.push(JSON.stringify(body));
  }

  #walk(where: string, value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (SECRET_FIELDS.test(name))
        for (const each of [inner].flat()) if (typeof each === 'string') this.add(where, each);
      this.#walk(where, inner);
    }
  }

  /** What of it a text holds. */
  foundIn(text: string): string[] {
    return [...this.secrets].filter(([secret]) => text.includes(secret)).map(([, where]) => where);
  }
}

/** Sends a first message. @returns what is answered when it is refused, and empty when it is not */
async function refusalOf(url: string, first: string): Promise<string> {
  const socket = new WebSocket(url, [SUBPROTOCOL]);
  const answer = await new Promise<string>((resolve, reject) => {
    socket.on('open', () => socket.send(first));
    socket.on('message', (data, isBinary) => resolve(isBinary ? '' : data.toString()));
    socket.on('close', (_code, reason) => resolve(reason.toString()));
    socket.on('error', reject);
  });
  socket.terminate();
  return answer.startsWith('{"type":"error"') ? answer : '';
}

test('nothing secret is logged, told in errors, audited, or readable in the database', async () => {
  const seen = new Seen();
  const server = await startApp({ config: { logLevel: 'trace', egressAllow: ['127.0.0.1'] } });
  const { app, logs } = server;
  const url = await listen(app);
  const watch =
    (browser: Browser) => async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) => {
      const answer = await browser.call(method, path, body);
      seen.note(`${method} ${path}`, body, answer);
      seen.add(`the session after ${method} ${path}`, browser.cookie?.split('=')[1]);
      return answer;
    };

  // Signing in and out, rightly and wrongly.
  seen.add('the set-up token', app.bunting.setupToken);
  await app.inject({ url: `/setup?token=${app.bunting.setupToken}` });
  await watch(new Browser(app))('POST', '/setup', { ...OWNER, token: 'a wrong set-up token' });
  seen.add('the first password', OWNER.password);
  const owner = await signedIn(app);
  const call = watch(owner);
  const stranger = new Browser(app);
  await watch(stranger)('POST', '/session', { email: OWNER.email, password: 'a wrong guess at it' });
  await watch(stranger)('POST', '/session', { email: OWNER.email, password: 7, extra: 'secret in a wrong place' });
  await watch(stranger)('POST', '/session', { email: OWNER.email, password: OWNER.password });
  const changed = 'another horse, another battery';
  expect((await call('PUT', '/password', { oldPassword: OWNER.password, password: changed })).status).toBe(200);
  expect((await call('POST', '/second-factor', { password: changed })).status).toBe(201);

  // What is shown once.
  const invited = await call('POST', '/users', { email: 'bob@example.com', name: 'Bob' });
  const { token: linkToken, path: linkPath } = invited.body.link;
  await app.inject({ url: linkPath });
  await watch(stranger)('POST', '/password', { token: 'no such link token', password: 'bobs long password' });
  await watch(stranger)('POST', '/password', { token: linkToken, password: 'password1234' });
  const account = (await call('POST', '/service-accounts', { name: 'robot' })).body;
  const issued = [
    await call('POST', '/tokens', { name: 'mine', expiresInDays: 1 }),
    await call('POST', `/service-accounts/${account.id}/tokens`, { name: 'its', expiresInDays: null }),
  ];
  const place = '/projects/default/environments/production';
  for (const kind of ['server', 'client', 'relay']) {
    issued.push(await call('POST', `${place}/keys`, { kind, name: kind }));
  }
  const { id, secret: serverKey } = issued[2]?.body ?? {};
  issued.push(await call('POST', `${place}/keys/${id}/rotate`, { oldUntil: null }));
  issued.push(await call('POST', `${place}/context-proof/secrets`));
  const hook = { name: 'hook', url: 'http://127.0.0.1:9/services/T000/B000/hunter2hunter2' };
  issued.push(await call('POST', '/projects/default/webhooks', hook));
  issued.push(await call('POST', `/projects/default/webhooks/${issued.at(-1)?.body.id}/rotate-secret`));
  const source = { key: 'prom', name: 'Prometheus', vendor: 'alertmanager', allow: { action: 'kill' } };
  issued.push(await call('POST', '/signal-sources', source));
  issued.push(await call('POST', '/signal-sources/prom/rotate-secret', {}));
  seen.add('the path of a webhook', '/services/T000/B000/hunter2hunter2');
  // What a data source asks for is given, and never shown again.
  const sources = '/projects/default/data-sources';
  const prometheus = { key: 'prom', name: 'Prometheus', url: 'http://127.0.0.1:9' };
  const bearer = { kind: 'bearer', token: 'a token of Prometheus 7f3a' };
  const basic = { kind: 'basic', username: 'reader', password: 'a password of Prometheus 8c1d' };
  seen.add('the token of a data source', bearer.token);
  seen.add('the password of a data source', basic.password);
  seen.add('the same as it travels', Buffer.from(`reader:${basic.password}`).toString('base64'));
  expect((await call('POST', sources, { ...prometheus, auth: bearer })).status).toBe(201);
  expect((await call('POST', sources, { ...prometheus, key: 'wrong', url: 'no address', auth: basic })).status).toBe(
    400,
  );
  expect((await call('POST', sources, { ...prometheus, key: 'wrong', auth: { ...basic, token: 1 } })).status).toBe(400);
  expect((await call('POST', `${sources}/prom/query`, { query: 'up' })).body).toMatchObject({ result: 'error' });
  expect((await call('PATCH', `${sources}/prom`, { auth: basic })).status).toBe(200);
  expect((await call('POST', `${sources}/prom/query`, { query: 'up' })).body).toMatchObject({ result: 'error' });
  expect((await call('GET', `${sources}/prom`)).body).toMatchObject({ auth: 'basic' });
  // So is where a migration plan connects to.
  const plans = `${place}/migration-plans`;
  const plan = { key: 'orders', name: 'Orders', phases: { expand: { up: [{ sql: 'select 1' }] } } };
  const databaseOf = (password: string) => `postgres://shop:${password}@127.0.0.1:9/shop`;
  seen.add('the password of a database', 'password-of-orders-4b1e');
  seen.add('another one', 'password-of-orders-9f0c');
  expect((await call('POST', plans, { ...plan, database: databaseOf('password-of-orders-4b1e') })).status).toBe(201);
  const wrong = { ...plan, key: 'wrong', database: `${databaseOf('password-of-orders-4b1e')}?host=/tmp` };
  expect((await call('POST', plans, wrong)).status).toBe(400);
  expect((await call('PATCH', `${plans}/orders`, { database: databaseOf('password-of-orders-9f0c') })).status).toBe(
    200,
  );
  expect((await call('POST', `${plans}/orders/commands`, { command: 'go', to: 'expand' })).status).toBe(200);
  await app.bunting.migrationEngine.settle();
  expect((await call('GET', `${plans}/orders`)).body.waiting).toEqual([expect.stringContaining('ECONNREFUSED')]);
  expect((await call('GET', `${plans}/orders/runs`)).body.items).toHaveLength(1);
  for (const { status, body } of issued)
    expect([status, typeof body.secret]).toEqual([expect.toSatisfy((s) => s < 300), 'string']);
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });

  // Using it, in the right places and in wrong ones.
  for (const { body } of issued) {
    const { secret } = body;
    for (const [path, headers] of [
      ['/api/v1/projects', { authorization: `Bearer ${secret}` }],
      ['/api/v1/projects', { authorization: `Basic ${secret}` }],
      ['/api/v1/projects', { cookie: `bunting_session=${secret}` }],
      ['/api/v1/projects/default/flags', { authorization: `Bearer ${secret}x` }],
      ['/ofrep/v1/evaluate/flags', { 'x-api-key': secret }],
      ['/stream/snapshot', { authorization: `Bearer ${secret}` }],
      [`/stream/snapshot?key=${secret}`, {}],
      [`/api/v1/projects?cursor=${secret}`, { authorization: `Bearer ${secret}` }],
      ['/scim/v2/Users', { authorization: `Bearer ${secret}` }],
      ['/internal/v1/kills', { authorization: `Bearer ${secret}` }],
      ['/signals/prom', { authorization: `Bearer ${secret}` }],
    ] as const) {
      const method = /^\/(ofrep|signals)/.test(path) ? 'POST' : 'GET';
      const answer = toAnswer(await app.inject({ method, url: path, headers }));
      seen.note(`${method} ${path}`, undefined, { ...answer, body: answer.status < 400 ? null : answer.body });
    }
    for (const first of [hello(secret), `{"type":"hello","key":"${secret}"`, { type: 'hello', key: [secret] }]) {
      seen.errors.push(await refusalOf(url, typeof first === 'string' ? first : JSON.stringify(first)));
    }
  }
  // Nothing of it is known to the server that it was asked for, and it was indeed used.
  expect(serverKey).toMatch(/^bnt_srv_/);
  expect(seen.secrets.size).toBeGreaterThan(15);

  const events = JSON.stringify(await app.bunting.database.selectFrom('audit_events').selectAll().execute());
  expect(seen.foundIn(events)).toEqual([]);
  const table = toAnswer(await app.inject({ url: '/api/v1/audit/table', headers: { cookie: owner.cookie ?? '' } }));
  expect([table.status, seen.foundIn(JSON.stringify(table.body))]).toEqual([200, []]);
  if (engine === 'sqlite') {
    const entries = readdirSync(server.dataDir, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name !== 'master.key');
    const bytes = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1')).join('\n');
    expect(bytes).toContain('bob@example.com');
    expect(seen.foundIn(bytes)).toEqual([]);
  }

  // When the database is lost, causes are logged in full.
  await app.bunting.database.destroy();
  await watch(stranger)('POST', '/session', { email: OWNER.email, password: changed });
  await watch(stranger)('POST', '/password', { token: linkToken, password: 'bobs long password' });
  await watch(owner)('POST', `${place}/keys`, { kind: 'server', name: 'x' });
  await watch(owner)('GET', '/projects');

  expect(logs.some((line) => line.includes('request failed'))).toBe(true);
  expect(logs.filter((line) => seen.foundIn(line).length > 0)).toEqual([]);
  expect(seen.errors.length).toBeGreaterThan(20);
  expect(seen.errors.filter((text) => seen.foundIn(text).length > 0)).toEqual([]);
});
