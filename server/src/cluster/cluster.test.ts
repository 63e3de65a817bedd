import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../config/read-config.ts';
import { Metrics } from '../metrics/metrics.ts';
import { Rulesets } from '../rulesets/rulesets.ts';
import { openMigrated } from '../store/open-store.ts';
import type { Database } from '../store/tables.ts';
import { newFolder } from '../testing/start-app.ts';
import { Cluster } from './cluster.ts';

/** One clock for all: that nobody's row changes by itself is up to the servers. */
const NOW_MS = 1_900_000_000_000;

async function openShared(): Promise<Database> {
  const database = (await openMigrated({ ...readConfig(), dataDir: newFolder() })).database;
  onTestFinished(() => database.destroy());
  return database;
}

async function startServer(database: Database, url: string, logs: string[] = []): Promise<Cluster> {
  const { log } = Fastify({ logger: { level: 'debug', stream: { write: (line) => void logs.push(line) } } });
  const metrics = new Metrics(new Rulesets(() => {}));
  const now = () => NOW_MS;
  const cluster = new Cluster({ database, isShared: true, metrics, log, version: '1.2.3', now, renewMs: 3_600_000 });
  onTestFinished(() => cluster.close());
  await cluster.load();
  await cluster.join(url);
  return cluster;
}

/** A peer that answers as `listener` does. @returns its URL */
async function startPeer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const urlsOf = (cluster: Cluster) => cluster.peers().map(({ url }) => url);

test('servers on one database find each other, share a token, and leave', async () => {
  const database = await openShared();
  const a = await startServer(database, 'http://a');
  const b = await startServer(database, 'http://b');
  expect(b.peers()).toEqual([{ id: a.self.id, url: 'http://a', version: '1.2.3' }]);
  expect(a.peers()).toEqual([]);
  await a.renew();
  expect(urlsOf(a)).toEqual(['http://b']);
  expect(a.token).toHaveLength(43);
  expect(b.token).toBe(a.token);
  await a.close();
  await b.renew();
  expect(urlsOf(b)).toEqual([]);
});

test('who is silent for 30 s is not counted on, yet told of kills for 10 minutes, and then struck off', async () => {
  const database = await openShared();
  const told: string[] = [];
  const url = await startPeer((request, response) => {
    told.push(`${request.method} ${request.url}`);
    response.end('{}');
  });
  const a = await startServer(database, 'http://a');
  await startServer(database, url);
  for (let second = 5; second < 30; second += 5) await a.renew();
  expect(urlsOf(a)).toEqual([url]);
  await a.renew();
  expect(urlsOf(a)).toEqual([]);
  expect(await a.get('/numbers')).toEqual([]);
  expect(await a.post('/kills', {})).toMatchObject([{ peer: { url }, body: {} }]);
  expect(told.filter((request) => request !== 'POST /internal/v1/servers')).toEqual(['POST /internal/v1/kills']);
  for (let reading = 0; reading < 120; reading += 1) await a.renew();
  expect(await a.post('/kills', {})).toEqual([]);
  expect(await database.selectFrom('servers').select('url').execute()).toEqual([{ url: 'http://a' }]);
});

test('a server that joins tells those that are there, so that they know it at once', async () => {
  const database = await openShared();
  const heard: string[] = [];
  const url = await startPeer((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.end('{}');
  });
  await startServer(database, url);
  await startServer(database, 'http://b');
  await expect.poll(() => heard).toEqual(['POST /internal/v1/servers']);
});

test('a server that comes back at its address takes the place of the one that was there', async () => {
  const database = await openShared();
  await startServer(database, 'http://a');
  await startServer(database, 'http://a');
  const b = await startServer(database, 'http://b');
  expect(urlsOf(b)).toEqual(['http://a']);
});

test('two servers at one address are told to say where they are', async () => {
  const database = await openShared();
  const logs: string[] = [];
  const a = await startServer(database, 'http://127.0.0.1:4242', logs);
  const b = await startServer(database, 'http://127.0.0.1:4242');
  for (let reading = 0; reading < 2; reading += 1) {
    await a.renew();
    await b.renew();
  }
  await a.renew();
  expect(logs.filter((line) => line.includes('Set BUNTING_INTERNAL_URL on each'))).toHaveLength(1);
  expect(urlsOf(a)).toEqual([]);
});

test('without the database everyone stays who was there', async () => {
  const database = (await openMigrated({ ...readConfig(), dataDir: newFolder() })).database;
  const a = await startServer(database, 'http://a');
  await startServer(database, 'http://b');
  await a.renew();
  await database.destroy();
  for (let reading = 0; reading < 200; reading += 1) await a.renew();
  expect(urlsOf(a)).toEqual(['http://b']);
});

test('peers that refuse, hang, talk nonsense or are gone hold nobody up, and are named', async () => {
  const database = await openShared();
  const tokens = new Set<string | undefined>();
  const good = await startPeer((request, response) => {
    tokens.add(request.headers.authorization);
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => response.end(body));
  });
  const hanging = await startPeer(() => {});
  const refusing = await startPeer((_request, response) => response.writeHead(404).end('nobody here'));
  const babbling = await startPeer((_request, response) => response.end('<html>'));
  const urls = [good, hanging, refusing, babbling, 'http://127.0.0.1:1'];
  for (const url of urls) await startServer(database, url);
  const a = await startServer(database, 'http://a');
  const beganMs = performance.now();
  const answers = new Map((await a.post('/echo', { x: 1 })).map((answer) => [answer.peer.url, answer]));
  expect(performance.now() - beganMs).toBeLessThan(2_000);
  expect(tokens).toEqual(new Set([`Bearer ${a.token}`]));
  expect(answers.get(good)).toMatchObject({ body: { x: 1 } });
  expect(answers.get(hanging)).toMatchObject({ error: 'did not answer in time' });
  expect(answers.get(refusing)).toMatchObject({ error: 'answered 404: nobody here' });
  expect(answers.get(babbling)).toMatchObject({ error: expect.stringContaining('JSON') });
  expect(answers.get('http://127.0.0.1:1')).toMatchObject({ error: expect.stringMatching(/ECONNREFUSED|bad port/) });
});

test('a server that has its database for itself has no peers, writes nothing and knows no token', async () => {
  const database = await openShared();
  const { log } = Fastify();
  const metrics = new Metrics(new Rulesets(() => {}));
  const cluster = new Cluster({ database, isShared: false, metrics, log, version: '1', now: () => NOW_MS });
  await cluster.load();
  await cluster.join('http://a');
  expect([cluster.token, cluster.peers(), await cluster.post('/kills', {})]).toEqual([undefined, [], []]);
  expect(await database.selectFrom('servers').selectAll().execute()).toEqual([]);
  await cluster.close();
});
