import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { CLOSE } from '@bunting/core';
import { expect, onTestFinished, test } from 'vitest';
import { newFolder } from './testing/start-app.ts';
import { connect, hello } from './testing/stream-client.ts';

/** The process as people run it, from its sources. */
class Process {
  readonly child: ChildProcessWithoutNullStreams;
  stdout = '';
  stderr = '';
  readonly exited: Promise<number | null>;

  constructor(args: string[], env: Record<string, string> = {}) {
    const main = join(import.meta.dirname, 'main.ts');
    this.child = spawn(process.execPath, [main, ...args], {
      env: { PATH: process.env.PATH ?? '', BUNTING_LOG_LEVEL: 'silent', ...env },
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.exited = new Promise((resolve) => this.child.on('close', (code) => resolve(code)));
    onTestFinished(() => {
      this.child.kill('SIGKILL');
    });
  }

  async url(): Promise<string> {
    const line = /^bunting: listening on (http:\S+)$/m;
    await expect.poll(() => this.stdout + this.stderr, { timeout: 10_000 }).toMatch(line);
    return line.exec(this.stdout)?.[1] ?? '';
  }
}

const start = (dataDir: string, args: string[] = []) => new Process(['--port', '0', '--data-dir', dataDir, ...args]);

test('tells where it listens, how to begin and the first keys, these once; a second start finds its data', async () => {
  const dataDir = join(newFolder(), 'made/when/missing');
  const first = start(dataDir);
  const url = await first.url();
  expect(first.stdout).toMatch(
    new RegExp(`^bunting: create the owner account at ${url}/setup\\?token=[\\w-]{43}$`, 'm'),
  );
  expect(first.stdout.match(/bnt_(srv|cli)_[\w-]{43}$/gm)).toHaveLength(4);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  first.child.kill('SIGINT');
  expect(await first.exited).toBe(0);

  const second = start(dataDir, ['serve', '--public-url', 'https://flags.example.com']);
  await second.url();
  expect(second.stdout).toContain('bunting: create the owner account at https://flags.example.com/setup?token=');
  expect(second.stdout).not.toContain('bnt_');
  const key = /server key {2}(bnt_srv_\S+)/.exec(first.stdout)?.[1] ?? '';
  const client = await connect(`${(await second.url()).replace('http:', 'ws:')}/stream`, hello(key));
  await client.next('snapshot');
  second.child.kill('SIGTERM');
  await client.next('goodbye');
  expect((await client.closed).code).toBe(CLOSE.serviceRestart);
  expect(await second.exited).toBe(0);
});

test('a second signal ends it at once', async () => {
  const server = start(newFolder());
  const url = await server.url();
  const key = /server key {2}(bnt_srv_\S+)/.exec(server.stdout)?.[1] ?? '';
  const client = await connect(`${url.replace('http:', 'ws:')}/stream`, hello(key));
  await client.next('snapshot');
  // It does not answer the close, so the drain waits for it.
  client.socket.pause();
  server.child.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(server.child.exitCode).toBeNull();
  server.child.kill('SIGTERM');
  expect(await server.exited).toBe(1);
});

test('cuts off who does not end in the time that it was told, and has ended well', async () => {
  const env = { BUNTING_DRAIN_TIMEOUT_MS: '100', BUNTING_LOG_LEVEL: 'warn' };
  const server = new Process(['--port', '0', '--data-dir', newFolder()], env);
  const url = await server.url();
  const key = /server key {2}(bnt_srv_\S+)/.exec(server.stdout)?.[1] ?? '';
  const client = await connect(`${url.replace('http:', 'ws:')}/stream`, hello(key));
  await client.next('snapshot');
  // Neither answers the close, nor sends the rest of its request: for that alone it would wait for minutes.
  client.socket.pause();
  const halfSent = connectTcp(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void halfSent.destroy());
  halfSent.write('POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{');
  await new Promise((resolve) => setTimeout(resolve, 100));
  server.child.kill('SIGTERM');
  expect(await server.exited).toBe(0);
  expect(server.stdout).toContain('connections did not end in time, and are cut');
});

test.each([
  [['--help'], 0, 'Usage: bunting-server [serve] [options]', ''],
  [['--version'], 0, '0.1.0', ''],
  [['--prot', '1'], 2, '', "Unknown option '--prot'"],
  [['moult'], 2, '', 'Unknown command: moult. There is: serve, relay, migrate, copy'],
  [['copy'], 2, '', 'copy needs --from FOLDER'],
  [['copy', '--from', '.'], 2, '', 'copy needs --to URL or DATABASE_URL'],
  [['copy', '--from', '/nowhere', '--to', 'mysql://a:secret@b'], 2, '', 'BUNTING_DATABASE_URL: give a URL'],
  [['copy', '--from', '/nowhere', '--to', 'postgres://a@b/c'], 1, '', 'There is no database in /nowhere'],
  [['migrate', '--port', '1'], 2, '', '--port is no option of migrate'],
  [['--upstream', 'http://a'], 2, '', '--upstream is no option of serve'],
  [['relay'], 2, '', '--upstream or BUNTING_RELAY_UPSTREAM: give the URL of a Bunting server or relay'],
  [['relay', '--upstream', 'http://a', '--key', 'bnt_srv_x'], 2, '', '--key: give relay keys (bnt_rly_...)'],
  [['--port', 'many'], 2, '', '--port: give a port between 0 and 65535'],
  [['--port'], 2, '', "Option '--port <value>' argument missing"],
  [['--config', '/nowhere'], 2, '', 'Cannot read the configuration file /nowhere'],
  [['--port', '0', '--data-dir', '/dev/null/x'], 1, '', 'Cannot open the database in /dev/null/x'],
])('%j exits with %i and says why', async (args, code, stdout, stderr) => {
  const server = new Process(args);
  expect(await server.exited).toBe(code);
  expect(server.stdout).toContain(stdout);
  expect(server.stderr).toContain(stderr);
  expect(server.stderr).not.toContain('    at ');
});

test('a port that is taken is said with the way out', async () => {
  const first = start(newFolder());
  const { port } = new URL(await first.url());
  const second = new Process(['--port', port, '--data-dir', newFolder()]);
  expect(await second.exited).toBe(1);
  expect(second.stderr).toMatch(/Cannot listen: .*EADDRINUSE.*--port/);
});

test('migrate says what it would apply, applies it, and has nothing to do after that', async () => {
  const dataDir = join(newFolder(), 'data');
  const migrate = async (...args: string[]) => {
    const process = new Process(['migrate', '--data-dir', dataDir, ...args]);
    const code = await process.exited;
    return { code, lines: process.stdout.trim().split('\n') };
  };
  const pending = await migrate('--check');
  expect(pending.code).toBe(1);
  expect(pending.lines).toContain('pending 0001-foundation');
  expect(existsSync(dataDir)).toBe(false);
  const applied = await migrate();
  expect(applied).toEqual({ code: 0, lines: pending.lines.map((line) => line.replace('pending', 'applied')) });
  expect(await migrate('--check')).toEqual({ code: 0, lines: ['nothing is pending: the database is up to date'] });
  expect(await migrate()).toEqual({ code: 0, lines: ['nothing to apply: the database is up to date'] });
});

test('a relay is run by a command of its own, with workers too, and drains as the server does', async () => {
  const adminKey = `bnt_adm_${'a'.repeat(43)}`;
  const origin = new Process(['--port', '0', '--data-dir', newFolder()], { BUNTING_BOOTSTRAP_ADMIN_KEY: adminKey });
  const url = await origin.url();
  const answer = await fetch(`${url}/api/v1/projects/default/environments/production/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'relay', name: 'Edge' }),
  });
  const { secret } = (await answer.json()) as { secret: string };
  const options = ['relay', '--upstream', url, '--port', '0', '--data-dir', newFolder(), '--workers', '1'];
  const relay = new Process(options, { BUNTING_RELAY_KEYS: secret });
  const relayUrl = await relay.url();
  await expect.poll(async () => (await fetch(`${relayUrl}/readyz`)).status).toBe(200);
  const key = /production +server key {2}(bnt_srv_\S+)/.exec(origin.stdout)?.[1] ?? '';
  const sdk = await connect(`${relayUrl.replace('http:', 'ws:')}/stream`, hello(key));
  await sdk.next('snapshot');
  relay.child.kill('SIGTERM');
  await sdk.next('goodbye');
  expect((await sdk.closed).code).toBe(CLOSE.serviceRestart);
  expect(await relay.exited).toBe(0);
});

test('a server that is killed takes its workers with it, and they say goodbye', async () => {
  const server = start(newFolder(), ['--workers', '1']);
  const url = await server.url();
  const key = /production +server key {2}(bnt_srv_\S+)/.exec(server.stdout)?.[1] ?? '';
  const sdk = await connect(`${url.replace('http:', 'ws:')}/stream`, hello(key));
  await sdk.next('snapshot');
  const { pid = 0 } = server.child;
  const [worker = 0] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  expect(worker).toBeGreaterThan(0);
  server.child.kill('SIGKILL');
  await sdk.next('goodbye');
  await expect.poll(() => existsSync(`/proc/${worker}`), { timeout: 5_000 }).toBe(false);
});

test('a locked-out owner recovers at the shell while the server runs', async () => {
  const dataDir = newFolder();
  const server = start(dataDir);
  const url = await server.url();
  const post = (path: string, body: object) =>
    fetch(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const email = 'ada@example.com';
  const token = /setup\?token=(\S+)/.exec(server.stdout)?.[1];
  expect((await post('/setup', { token, name: 'Ada', email, password: 'forgotten for good' })).status).toBe(201);

  const wrong = new Process(['recover', '--data-dir', dataDir, '--email', 'eve@example.com']);
  expect(await wrong.exited).toBe(1);
  expect(wrong.stderr).toContain('Owners are: ada@example.com');

  const recover = new Process(['recover', '--data-dir', dataDir, '--email', ' Ada@example.com', '--public-url', url]);
  expect([await recover.exited, recover.stderr]).toEqual([0, '']);
  const link = /^http\S+\/password\?token=(\S+)$/m.exec(recover.stdout)?.[1];
  const password = 'remembered from now on';
  expect((await post('/password', { token: link, password })).status).toBe(201);
  expect((await post('/password', { token: link, password })).status).toBe(403);
  expect((await post('/session', { email, password: 'forgotten for good' })).status).toBe(401);
  const signedIn = await post('/session', { email, password });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const audit = await (await fetch(`${url}/api/v1/audit`, { headers: { cookie } })).json();
  const events = (audit as { items: { action: string; actor: object }[] }).items;
  expect(events.map(({ action }) => action).slice(0, 2)).toEqual(['user.password-set', 'user.recovered']);
  expect(events[1]?.actor).toMatchObject({ kind: 'system', id: 'shell' });
});
