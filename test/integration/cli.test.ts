import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../tools/steps.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { makeTempFolder } from '../processes/temp-folder.ts';

const folder = makeTempFolder();
const bin = join(root, 'cli/dist/main.js');
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.remove();
  folder.remove();
});

interface Ended {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command in a process of its own, as a pipeline runs it. */
function bunting(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const given = { PATH: process.env.PATH, BUNTING_URL: server.url, BUNTING_TOKEN: server.adminKey, ...env };
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args], { env: given }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? 'signal'), stdout, stderr }),
    );
  });
}

async function makeFlag(key: string): Promise<void> {
  await server.api.call('POST', '/projects/default/flags', { key, type: 'boolean' });
  const off = { enabled: true, defaultRule: { variant: 'off' } };
  await server.api.call('PATCH', `/projects/default/flags/${key}/environments/production`, off);
}

const quick = ['--environment', 'production', '--stages', '10,100', '--soak', '0s', '--bake', '0s'];

test('a pipeline starts a release, waits for its end, and goes green when it has succeeded', async () => {
  await makeFlag('good');
  const { code, stdout } = await bunting(['release', 'start', '--flag', 'good', ...quick, '--wait']);
  expect([code, stdout]).toEqual([0, expect.stringContaining('the release has succeeded')]);
  const [id = ''] = stdout.split('\n');
  const explained = await bunting(['release', 'explain', id]);
  expect(explained.stdout).toMatch(/Release good .* in production: succeeded\n {2}good: on 100 %, else off\n/);
});

test('it goes red when the release comes back, and says why', async () => {
  await makeFlag('bad');
  const args = ['--flag', 'bad', '--environment', 'production', '--stages', '10,100', '--soak', '1h'];
  const started = await bunting(['release', 'start', ...args, '--json']);
  const { id, phase } = JSON.parse(started.stdout);
  expect(phase).toBe('progressing');
  const watching = bunting(['release', 'watch', id]);
  const killed = await bunting(['kill', 'bad', '--environment', 'production', '--reason', 'errors']);
  expect(killed.stdout).toBe('bad is killed in production, epoch 1.\n');
  expect(await watching).toMatchObject({ code: 1, stdout: expect.stringContaining('Flag "bad" is killed.') });
  const rearmed = await bunting(['rearm', 'bad', '--environment', 'production', '--reason', 'mended']);
  expect([rearmed.code, rearmed.stdout]).toEqual([0, 'bad is re-armed in production, epoch 2.\n']);
});

test('a job that is run again with its key finds the release that it made', async () => {
  await makeFlag('again');
  const file = join(folder.path, 'release.json');
  const flags = [{ flag: 'again', candidate: 'on', baseline: 'off' }];
  writeFileSync(file, JSON.stringify({ title: 'Again', environment: 'production', strategy: 'flag_only', flags }));
  const args = ['release', 'start', '--file', file, '--key', 'build-42'];
  const [first, second] = [await bunting(args), await bunting(args)];
  expect([second.code, second.stdout]).toEqual([0, first.stdout]);
  const { stdout } = await bunting(['release', 'list', '--environment', 'production']);
  expect(stdout.split('\n').filter((line) => line.endsWith('\tAgain'))).toHaveLength(1);
  await bunting(['release', 'abort', first.stdout.trim(), '--reason', 'done']);
});

test('a release is written in YAML, its decisions are exported, and made again without a server', async () => {
  await makeFlag('audited');
  const [file, exported] = [join(folder.path, 'release.yaml'), join(folder.path, 'export.json')];
  writeFileSync(
    file,
    `title: Audited
environment: production
flags:
  - { flag: audited, candidate: on, baseline: off } # YAML 1.2: on and off are words
stages:
  - { flagsPer100k: 10000, soakSeconds: 0 }
  - { flagsPer100k: 100000, soakSeconds: 0 }
bakeSeconds: 0
`,
  );
  const { stdout, code } = await bunting(['release', 'start', '--file', file, '--wait']);
  expect(code).toBe(0);
  const [id = ''] = stdout.split('\n');
  writeFileSync(exported, (await bunting(['release', 'export', id])).stdout);
  const alone = { BUNTING_URL: '', BUNTING_TOKEN: '' };
  expect(await bunting(['release', 'verify', exported], alone)).toEqual({
    code: 0,
    stdout: `Audited (${id}): 10 of 10 decisions follow from their facts.\n`,
    stderr: '',
  });
  const document = readFileSync(exported, 'utf8');
  writeFileSync(exported, document.replace('"decision":"10 % is served."', '"decision":"20 % is served."'));
  expect(await bunting(['release', 'verify', exported], alone)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('WRONG: '),
  });
  writeFileSync(exported, '{"format": "something"}');
  expect(await bunting(['release', 'verify', exported], alone)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is no export of a release (format: '),
  });
});

test('shares are set by hand, a release takes another one over, and a way back may go in steps', async () => {
  await makeFlag('steered');
  const args = ['--flag', 'steered', '--environment', 'production', '--stages', '10,100', '--soak', '1h'];
  const first = (await bunting(['release', 'start', ...args])).stdout.trim();
  const byHand = await bunting(['release', 'weight', first, '--flags', '2.5']);
  expect(byHand.stdout).toContain('The weight is set by hand: 2.5 %');
  expect((await bunting(['release', 'weight', first])).stderr).toContain('Say which: --flags 10');
  expect((await bunting(['release', 'weight', first, '--flags', '120'])).stderr).toContain('"120" is no percentage');
  await bunting(['release', 'resume', first]);
  const second = (await bunting(['release', 'start', ...args, '--title', 'Newer', '--supersede'])).stdout.trim();
  expect((await bunting(['release', 'explain', first])).stdout).toContain('superseded');
  const back = await bunting(['release', 'rollback', second, '--reason', 'cold', '--steps', '2', '--every', '1h']);
  expect([back.code, back.stdout]).toEqual([0, expect.stringContaining('aborting')]);
  const { code, stdout } = await bunting(['release', 'abort', second, '--reason', 'at once']);
  expect([code, stdout]).toEqual([0, expect.stringContaining('aborted')]);
});

test('a template is listed, and is a release with what is said besides', async () => {
  await makeFlag('templated');
  expect((await bunting(['release', 'templates'])).stdout).toMatch(/^canary\t.*/m);
  const args = ['--flag', 'templated', '--environment', 'production', '--json'];
  const made = await bunting(['release', 'start', '--template', 'flag-only', ...args, '--bake', '7m']);
  const { id, stages, bakeSeconds, rollbackWindowSeconds } = JSON.parse(made.stdout);
  expect([stages.length, bakeSeconds, rollbackWindowSeconds]).toEqual([4, 420, 7 * 86_400]);
  await bunting(['release', 'abort', id, '--reason', 'done']);
  expect((await bunting(['release', 'start', '--template', 'none', ...args])).stderr).toContain(
    'There is no template "none"; there are ',
  );
  const half = await bunting(['release', 'start', '--template', 'canary', ...args, '--traffic', 'router']);
  expect([half.code, half.stderr]).toEqual([2, expect.stringContaining('--to-version and --from-version go together')]);
});

test('a migration is previewed, sent to a phase, and says where it is', async () => {
  const phases = { expand: {}, dual_write: {} };
  const plan = await server.api.call('POST', '/projects/default/environments/production/migration-plans', {
    ...{ key: 'orders', name: 'Orders', phases },
  });
  expect(plan).toMatchObject({ key: 'orders', phase: 'baseline' });
  const place = ['--environment', 'production'];
  expect((await bunting(['migration', 'list', ...place])).stdout).toBe('orders\tbaseline\tOrders\n');
  const preview = await bunting(['migration', 'preview', 'orders', 'dual_write', ...place]);
  expect(preview.stdout).toContain('up to expand');
  expect((await bunting(['migration', 'preview', 'orders', 'contract', ...place])).code).toBe(2);
  expect((await bunting(['migration', 'go', 'orders', 'dual_write', ...place])).code).toBe(0);
  const explain = async () => (await bunting(['migration', 'explain', 'orders', ...place])).stdout;
  await expect.poll(explain, { timeout: 10_000 }).toContain('Orders (orders): dual_write\n  may go back to');
  expect((await bunting(['migration', 'go', 'orders', 'somewhere', ...place])).code).toBe(2);
});

test('traffic targets are listed, and say of themselves what they are', async () => {
  const path = '/projects/default/environments/production/traffic-targets/router';
  const settings = { url: 'https://router.invalid/weight' };
  const secrets = { secret: `whsec_${'a'.repeat(43)}=` };
  await server.api.call('PUT', path, { name: 'Router', kind: 'webhook', settings, secrets });
  const place = ['--environment', 'production'];
  expect((await bunting(['traffic', 'list', ...place])).stdout).toBe('router\twebhook\tRouter\n');
  const { code, stdout } = await bunting(['traffic', 'state', 'router', ...place]);
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining('problem: https://router.invalid/weight does not answer'),
  ]);
  expect((await bunting(['traffic', 'test', 'router', ...place])).code).toBe(1);
});

test('what is not decided in time has a code of its own, and an interrupted watch ends nothing', async () => {
  await makeFlag('slow');
  const args = ['--flag', 'slow', '--environment', 'production', '--stages', '10,100', '--soak', '1h'];
  const { stdout } = await bunting(['release', 'start', ...args]);
  const id = stdout.trim();
  expect(await bunting(['release', 'watch', id, '--timeout', '1s'])).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('Not decided within 1 s; the release goes on.'),
  });
  const env = { PATH: process.env.PATH, BUNTING_URL: server.url, BUNTING_TOKEN: server.adminKey };
  const child = spawn(process.execPath, [bin, 'release', 'watch', id], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  expect((await once(child, 'exit'))[0]).toBe(130);
  const aborted = await bunting(['release', 'abort', id, '--reason', 'enough', '--json']);
  expect(JSON.parse(aborted.stdout).phase).toBe('aborted');
});

test('the last that was decided is told before it ends, whenever that came', async () => {
  await makeFlag('told');
  const proxy = await startLateProxy(server.url);
  const { code, stdout } = await bunting(['release', 'start', '--flag', 'told', ...quick, '--wait'], {
    BUNTING_URL: proxy.url,
  });
  proxy.close();
  expect([code, stdout]).toEqual([0, expect.stringContaining('the release has succeeded')]);
});

/** Answers what was decided as it was at first, until it has told of a release that it has succeeded. */
async function startLateProxy(to: string) {
  let first: string | undefined;
  let isTold = false;
  const proxy = createHttpServer(async (request, response) => {
    const { method = 'GET', url = '', headers } = request;
    const given = Object.fromEntries(['authorization', 'content-type'].map((name) => [name, String(headers[name])]));
    const body = method === 'GET' ? {} : { body: await text(request) };
    const answer = await fetch(`${to}${url}`, { method, headers: given, ...body });
    const said = await answer.text();
    const isDecisions = url.includes('/decisions');
    if (isDecisions) first ??= said;
    else isTold ||= method === 'GET' && said.includes('"phase":"succeeded"');
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(isDecisions && !isTold ? first : said);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, close: () => proxy.close() };
}

test('who reads it may have heard enough: how it ends is the same', async () => {
  await makeFlag('piped');
  const command = `"${process.execPath}" "${bin}" release start --flag piped ${quick.join(' ')} --wait`;
  const env = { PATH: process.env.PATH, BUNTING_URL: server.url, BUNTING_TOKEN: server.adminKey };
  const shell = spawn('bash', ['-c', `set -o pipefail; ${command} | head -n 1`], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stderr, [code]] = await Promise.all([text(shell.stderr), once(shell, 'close')]);
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('EPIPE')]);
});

test('stages are shares of what the release moves, and all that is wrong is said', async () => {
  const traffic = ['--traffic', 'none', '--to-version', '2', '--from-version', '1'];
  const args = ['release', 'start', ...traffic, '--environment', 'production', '--soak', '1s', '--stages'];
  expect((await bunting([...args, '5,100'])).stderr).toContain('there is no traffic target "none" in production');
  const { code, stderr } = await bunting([...args, '5,3,2']);
  expect([code, stderr.split('\n').filter((line) => line.startsWith('  stages['))]).toEqual([
    2,
    [
      '  stages[1].trafficPer100k: must be at least 5000, that of the stage before',
      '  stages[2].trafficPer100k: must be at least 3000, that of the stage before',
      '  stages[2].trafficPer100k: must be 100000: the last stage is all requests',
    ],
  ]);
});

test.each([
  [['release', 'start'], {}, 2, 'Say what to release'],
  [
    ['release', 'start', '--flag', 'x', '--environment', 'production', '--stages', '5,a'],
    {},
    2,
    '"a" is no percentage',
  ],
  [
    ['release', 'start', '--flag', 'x', '--environment', 'production', '--bake', 'long'],
    {},
    2,
    '"long" is no duration',
  ],
  [['release', 'start', '--flag', 'x', '--environment', 'production'], {}, 2, 'there is no flag "x" in this project'],
  [['release', 'watch', 'nope'], {}, 2, 'There is no release "nope"'],
  [['release', 'list'], { BUNTING_TOKEN: '' }, 2, 'Say who you are'],
  [['release', 'list'], { BUNTING_URL: 'flags' }, 2, 'Say where the server is'],
  [['release', 'list'], { BUNTING_TOKEN: `bnt_adm_${'x'.repeat(43)}` }, 2, 'request'],
  [['kill', 'x', '--environment', 'production'], {}, 2, "required option '--reason <text>' not specified"],
  [['nonsense'], {}, 2, "unknown command 'nonsense'"],
])('what is wrong is said with its fix, and has a code: %j', async (args, env, code, message) => {
  const ended = await bunting(args, env);
  expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(message)]);
  expect(ended.stderr).not.toContain(server.adminKey);
});

test('a server that is not there is told from a refusal', async () => {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  expect(await bunting(['release', 'list'], { BUNTING_URL: `http://127.0.0.1:${port}` })).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('The server does not answer: connect ECONNREFUSED'),
  });
});
