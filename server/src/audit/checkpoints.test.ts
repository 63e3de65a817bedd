import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../config/read-config.ts';
import { startProgram } from '../testing/programs.ts';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';
import { onSqlite } from '../testing/test-database.ts';
import { verifyAudit } from './verification.ts';
import { runVerifyAudit } from './verify-command.ts';

const FLAGS = '/projects/default/flags';
const SCRIPT = fileURLToPath(new URL('../../tools/verify-audit-export.mjs', import.meta.url));
const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

async function start(config: object = {}): Promise<TestServer> {
  const server = await startApp({ config: { masterKey: MASTER_KEY, ...config } });
  await server.call('POST', FLAGS, { key: 'a', type: 'boolean' });
  return server;
}

const toggle = ({ call }: TestServer, enabled: boolean) =>
  call('PATCH', `${FLAGS}/a/environments/production`, { enabled });
const anchor = ({ call }: TestServer) => call('POST', '/audit/checkpoints');
const verify = async ({ call }: TestServer) => (await call('GET', '/audit/verification')).body;

test('a checkpoint anchors all that came before it, and says how far', async () => {
  const server = await start();
  expect((await verify(server)).findings[1]).toMatch(/follow one another; no checkpoint anchors them yet/);
  const { status, body: checkpoint } = await anchor(server);
  expect([status, checkpoint]).toEqual([200, expect.objectContaining({ number: 1, previous: '0'.repeat(64) })]);
  await toggle(server, true);
  const found = await verify(server);
  expect(found).toMatchObject({ intact: true, checkpoints: 1, publicKeys: [checkpoint.publicKey], problems: [] });
  const chain = found.chains.find((candidate: { chain: string }) => candidate.chain === 'project:default');
  expect(chain.anchor).toEqual({ seq: chain.events - 1, checkpoint: 1, at: checkpoint.at });
  expect(found.findings.join('\n')).toMatch(/are as they were when checkpoint 1 was signed .*; the last 1 follow them/);
  await anchor(server);
  expect((await anchor(server)).body.number).toBe(2);
  const list = async (query: string) => {
    const { items, nextCursor } = (await server.call('GET', `/audit/checkpoints${query}`)).body;
    return { numbers: items.map(({ number }: { number: number }) => number), nextCursor };
  };
  expect((await list('')).numbers).toEqual([1, 2]);
  const { numbers, nextCursor } = await list('?order=newest&limit=1');
  expect([numbers, (await list(`?order=newest&limit=1&cursor=${nextCursor}`)).numbers]).toEqual([[2], [1]]);
});

test('who rewrites the past and recomputes every hash is found out by a checkpoint', async () => {
  const server = await start();
  await toggle(server, true);
  await anchor(server);
  await toggle(server, false);
  const { database } = server.app.bunting;
  await rewrite(server, 5, { actor_name: 'Eve' });
  const found = await verify(server);
  expect(found.chains.flatMap(({ problems }: { problems: unknown[] }) => problems)).toEqual([]);
  expect(found).toMatchObject({
    intact: false,
    problems: [{ checkpoint: 1, message: expect.stringContaining('rewritten') }],
  });

  // Nor does it help to take the checkpoint away, or to sign another one, while a copy of it was kept.
  const kept = await database.selectFrom('audit_checkpoints').selectAll().execute();
  const copy = { name: 'kept.ndjson', checkpoints: kept.map(({ document }) => document) };
  await database.deleteFrom('audit_checkpoints').execute();
  expect((await verify(server)).intact).toBe(true);
  expect(await verifyAudit(database, copy)).toMatchObject({ intact: false });
  await anchor(server);
  const [problem] = (await verifyAudit(database, copy)).problems;
  expect(problem).toEqual({ checkpoint: 1, message: 'is another one in kept.ndjson' });
});

test('a checkpoint that is changed, taken out, or of a chain that is gone is found', async () => {
  const server = await start();
  const { database } = server.app.bunting;
  for (const enabled of [true, false, true]) {
    await toggle(server, enabled);
    await anchor(server);
  }
  const rows = await database.selectFrom('audit_checkpoints').selectAll().orderBy('number').execute();
  const messages = async () => (await verify(server)).problems.map(({ message }: { message: string }) => message);
  const replace = (number: number, document: string) =>
    database.updateTable('audit_checkpoints').set({ document }).where('number', '=', number).execute();
  await replace(2, rows[1]?.document.replace(/"at":"2/, '"at":"3') ?? '');
  expect(await messages()).toContain('it is not what was signed');
  await replace(2, 'none');
  expect(await messages()).toContain('it cannot be read');
  await replace(2, rows[1]?.document ?? '');
  expect(await messages()).toEqual([]);
  await database.deleteFrom('audit_checkpoints').where('number', '=', 2).execute();
  expect(await messages()).toEqual(['does not follow the one before it: some are missing']);
  await database.deleteFrom('audit_events').where('chain', '=', 'project:default').execute();
  await database.deleteFrom('audit_chains').where('chain', '=', 'project:default').execute();
  expect((await messages()).join()).toMatch(/had \d+ events in the chain project:default; there are 0 now/);
});

test('checkpoints are appended to a file, each once, also after a line was cut off', async () => {
  const file = join(newFolder(), 'checkpoints.ndjson');
  const server = await start({ auditCheckpointFile: file });
  await anchor(server);
  await toggle(server, true);
  await anchor(server);
  const numbers = () =>
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .flatMap((line) => {
        try {
          return [JSON.parse(line).number];
        } catch {
          return [];
        }
      });
  expect(numbers()).toEqual([1, 2]);
  const [first = ''] = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, `${first}\n{"number":2,"at`);
  await toggle(server, false);
  await anchor(server);
  expect(numbers()).toEqual([1, 2, 3]);
  const { database } = server.app.bunting;
  const kept = () => ({
    name: file,
    checkpoints: readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '{"number":2,"at'),
  });
  expect((await verifyAudit(database, kept())).problems).toEqual([]);
  appendFileSync(file, '{"number":1}\n');
  expect((await verifyAudit(database, kept())).problems[0]?.message).toContain(`line`);
});

test('a file that cannot be written is said, and the checkpoint is sent later', async () => {
  const folder = join(newFolder(), 'gone');
  const server = await start({ auditCheckpointFile: join(folder, 'x') });
  const { status, body } = await anchor(server);
  expect([status, body.code]).toEqual([503, 'checkpoint_unsent']);
  expect((await server.call('GET', '/audit/checkpoints')).body.items).toHaveLength(1);
  expect(existsSync(folder)).toBe(false);
});

test('checkpoints are posted, signed by the scheme of Standard Webhooks, until they are taken', async () => {
  const received: { headers: Record<string, unknown>; body: string }[] = [];
  let status = 500;
  const target = createServer(async (request, response) => {
    const body = (await request.toArray()).join('');
    received.push({ headers: request.headers, body });
    response.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  await once(target, 'listening');
  onTestFinished(() => void target.close());
  const secret = Buffer.alloc(32, 9).toString('base64');
  const server = await start({
    auditCheckpointUrl: `http://127.0.0.1:${(target.address() as AddressInfo).port}/hook`,
    auditCheckpointSecret: `whsec_${secret}`,
  });
  expect((await anchor(server)).body.message).toContain('answered 500');
  status = 204;
  await toggle(server, true);
  await anchor(server);
  await anchor(server);
  expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([
    'checkpoint-1',
    'checkpoint-1',
    'checkpoint-2',
  ]);
  for (const { headers, body } of received) {
    const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const expected = createHmac('sha256', Buffer.from(secret, 'base64')).update(text).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
    expect(JSON.parse(body)).toHaveProperty('signature');
  }
});

test('checkpoints are made by time, and only when there is something new', async () => {
  const server = await start({ auditCheckpointMs: 20 });
  const count = async () => (await server.call('GET', '/audit/checkpoints')).body.items.length;
  await expect.poll(count).toBeGreaterThan(0);
  // What a start writes may be anchored in several.
  let before = await count();
  await expect
    .poll(
      async () => {
        const last = before;
        before = await count();
        return before === last;
      },
      { interval: 200 },
    )
    .toBe(true);
  await toggle(server, true);
  await expect.poll(count).toBe(before + 1);
  expect(await count()).toBe(before + 1);
});

test('an export is verified by the script alone, and any flipped byte is found', async () => {
  const file = join(newFolder(), 'checkpoints.ndjson');
  const server = await start({ auditCheckpointFile: file });
  await server.call('POST', '/projects', { key: 'shop', name: 'Größe "ü" \u{1F600}' });
  await anchor(server);
  await toggle(server, true);
  const { body, headers } = await server.call('GET', '/audit/export');
  expect(headers['content-type']).toBe('application/x-ndjson');
  const path = join(newFolder(), 'export.ndjson');
  const run = (text: string | Buffer, ...options: string[]) => {
    writeFileSync(path, text);
    const { status, stdout } = spawnSync(process.execPath, [SCRIPT, path, ...options], { encoding: 'utf8' });
    return { status, stdout };
  };
  const whole = run(body);
  expect(whole.stdout).toMatch(
    /OK {5}project:default: \d+ events; the first \d+ as they were at checkpoint 1 .*; 1 not anchored yet/,
  );
  expect(whole.status).toBe(0);
  const key = JSON.parse(readFileSync(file, 'utf8')).publicKey;
  expect(run(body, '--checkpoints', file, '--key', key)).toMatchObject({ status: 0 });
  expect(run(body, '--key', 'x').stdout).toContain('signed with another key');
  expect(run('').status).toBe(2);
  const lines = (body as string).trimEnd().split('\n');
  expect(run(lines.toSpliced(4, 1).join('\n')).status).toBe(1);
  expect(run(lines.slice(0, 5).join('\n')).stdout).toContain('the export says that it ends at event');

  // The last character of a signature stands for fewer bits than it could.
  const padded = (body as string).replace(/(.)"}}\n$/, (_, last: string) => `${last === 'A' ? 'B' : 'A'}"}}\n`);
  expect(run(padded).stdout).toContain('checkpoint 1 is not what was signed');

  expect(run((body as string).replace('"salt":', '"sale":')).stdout).toMatch(/the origin of event \d+ was changed/);
  const erased = (body as string).replace(/"origin":{[^}]*("digest":"\w+")[^}]*}/g, '"origin":{$1}');
  expect([erased.includes('salt'), run(erased).status]).toEqual([false, 0]);

  const bytes = Buffer.from(body as string);
  // Behind the first line, which is not signed: what it says of chains is checked against the events themselves.
  const from = bytes.indexOf('\n') + 1;
  const flip = fc.record({ at: fc.integer({ min: from, max: bytes.length - 2 }), bit: fc.integer({ min: 0, max: 6 }) });
  fc.assert(
    fc.property(flip, ({ at, bit }) => {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      expect(run(flipped).status).not.toBe(0);
    }),
    // A process each.
    { numRuns: 10 },
  );
});

onSqlite('the command line says what it finds, while the server runs', async () => {
  const file = join(newFolder(), 'checkpoints.ndjson');
  const server = await start({ auditCheckpointFile: file });
  await anchor(server);
  const run = async (checkpoints?: string) => {
    const lines: string[] = [];
    const config = { ...readConfig(), dataDir: server.dataDir };
    return { code: await runVerifyAudit(config, checkpoints, (line) => lines.push(line)), text: lines.join('\n') };
  };
  expect(await run(file)).toEqual({ code: 0, text: expect.stringContaining('when checkpoint 1 was signed') });
  expect((await run()).text).toContain('hold them against a copy that was kept elsewhere');
  await rewrite(server, 3, { actor_name: 'Eve' });
  await server.app.bunting.database.deleteFrom('audit_checkpoints').execute();
  expect((await run()).code).toBe(0);
  expect(await run(file)).toEqual({ code: 1, text: expect.stringMatching(/WRONG {2}checkpoint 1: .*rewritten/) });
  await expect(run('/nowhere')).rejects.toThrow('Cannot read the checkpoints in /nowhere');
});

test('of other projects nobody sees events, chains or checkpoints', async () => {
  const server = await start();
  const event = (await server.call('GET', '/audit?limit=1')).body.items[0].id;
  await server.call('POST', '/projects', { key: 'shop', name: 'Shop' });
  await anchor(server);
  const { headers } = await startProgram(server, 'admin', { project: 'shop' });
  const ask = (method: 'GET' | 'POST', path: string) => server.call(method, path, undefined, headers);
  const { body } = await ask('GET', '/audit/verification');
  expect(body.chains.map(({ chain }: { chain: string }) => chain)).toEqual(['project:shop']);
  expect(body.findings.join()).not.toMatch(/default|installation:/);
  const { body: exported } = await ask('GET', '/audit/export');
  expect(exported).toContain('project:shop');
  expect(exported).not.toMatch(/default|checkpoint/);
  expect((await ask('GET', '/audit/table')).body).not.toContain('default');
  expect((await ask('GET', '/audit/export?project=default')).status).toBe(404);
  expect((await ask('GET', `/audit/${event}`)).status).toBe(404);
  expect((await ask('POST', `/audit/${event}/revert`)).status).toBe(404);
  expect((await ask('GET', '/audit/checkpoints')).status).toBe(403);
  expect((await ask('POST', '/audit/checkpoints')).status).toBe(403);
});

test('events are exported as a table that no spreadsheet takes for formulas', async () => {
  const server = await start();
  const comment = { 'bunting-comment': encodeURIComponent('=HYPERLINK("x"), and\nmore') };
  await server.call('PATCH', `${FLAGS}/a`, { description: 'x' }, comment);
  const { body, headers } = await server.call('GET', '/audit/table?flag=a');
  expect(headers['content-type']).toBe('text/csv; charset=utf-8');
  const [head, first] = (body as string).split('\r\n');
  expect(head).toMatch(/^at,actorKind,actorId,/);
  expect(first).toContain(`,"'=HYPERLINK(""x""), and\nmore",127.0.0.1,`);
});

/** As someone would who can write the database and knows how the chain is made. */
async function rewrite({ app }: TestServer, from: number, change: object): Promise<void> {
  const { hashEvent } = await import('./event.ts');
  const { database } = app.bunting;
  const rows = await database
    .selectFrom('audit_events')
    .selectAll()
    .where('chain', '=', 'project:default')
    .where('seq', '>=', from - 1)
    .orderBy('seq')
    .execute();
  let previous = rows[0]?.hash ?? '';
  for (const [at, row] of rows.slice(1).entries()) {
    const { chain, seq } = row;
    const placed = { ...row, ...(at === 0 ? change : {}), chain: chain ?? '', seq: seq ?? 0 };
    previous = hashEvent(previous, placed);
    await database
      .updateTable('audit_events')
      .set({ ...placed, hash: previous })
      .where('id', '=', row.id)
      .execute();
  }
  await database.updateTable('audit_chains').set({ hash: previous }).where('chain', '=', 'project:default').execute();
}
