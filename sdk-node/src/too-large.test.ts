import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { encode, type ServerMessage } from '@bunting/core';
import { afterEach, expect, it } from 'vitest';
import { onFlag, snapshot } from './test/documents.ts';
import { startServer } from './test/live-client.ts';
import { beginEvents, POLL_HEADERS, ScriptedHttp, serve, writeEvent } from './test/scripted-http.ts';

/** A sound ruleset of 100 MB: one flag, and what nobody needs. */
const huge = snapshot(2, [onFlag('a'), { ...onFlag('b'), schema: { description: 'x'.repeat(100_000_000) } }]);
const hugeText = encode(huge);
const hugePacked = gzipSync(hugeText);
const small = snapshot(1, [onFlag('a')]);

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Runs an application until it has heard of the trouble, and resolves with what it saw. */
async function runUntilTrouble(url: string, transport: string) {
  const program = `
    import { connect } from './connect.ts';
    const options = { url: '${url}', sdkKey: 'bnt_srv_1', transports: ['${transport}'], pollIntervalMs: 1000, logger: {} };
    const flags = connect(options);
    await flags.ready();
    const alive = setInterval(() => {}, 1000);
    const { code, message } = await new Promise((resolve) => flags.on('error', resolve));
    clearInterval(alive);
    const megabytes = process.resourceUsage().maxRSS / 1024;
    console.log(JSON.stringify({ code, message, revision: flags.revision.number, a: flags.isEnabled('a'), megabytes }));
  `;
  const args = ['--input-type=module-typescript', '--no-warnings', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname, timeout: 20_000 });
  return JSON.parse(stdout);
}

/** It went on answering by what it had, said why, and never held the whole. */
function expectUnharmed(seen: Awaited<ReturnType<typeof runUntilTrouble>>): void {
  expect(seen).toMatchObject({ revision: 1, a: true });
  expect(seen.message).toMatch(/Max payload|67108864/);
  expect(seen.megabytes).toBeLessThan(400);
}

async function startHttp(): Promise<ScriptedHttp> {
  const server = await ScriptedHttp.start();
  cleanups.push(() => server.kill());
  return server;
}

it.each<[string, string | Buffer]>([
  ['as text', hugeText],
  ['packed', hugePacked],
])('a ruleset of 100 MB over a WebSocket, %s, is refused', async (_, frame) => {
  const server = await startServer();
  const seen = runUntilTrouble(server.url, 'websocket');
  const peer = await server.next();
  peer.send(small);
  await peer.receive('receipt');
  peer.sendFrame(frame);
  expectUnharmed(await seen);
});

it.each<[string, string | Buffer, Record<string, string>]>([
  ['as text', hugeText, {}],
  ['packed', hugePacked, { 'content-encoding': 'gzip' }],
])('a ruleset of 100 MB as the answer to a poll, %s, is refused', async (_, body, headers) => {
  const server = await startHttp();
  let polls = 0;
  server.onPoll = (_request, response) => {
    if (polls++ === 0) response.writeHead(200, POLL_HEADERS).end(encode(small));
    else response.writeHead(200, { ...POLL_HEADERS, ...headers, etag: '"word-2"' }).end(body);
  };
  expectUnharmed(await runUntilTrouble(server.url, 'polling'));
});

it('a ruleset of 100 MB as an event is refused', async () => {
  const server = await startHttp();
  serve(server, small);
  server.onEvents = (_request, response) => {
    const { items, kills, type, ...header } = small;
    const nothing: ServerMessage = { type: 'changes', ...header, from: 1, delete: [], items: [] };
    beginEvents(response, nothing);
    setTimeout(() => writeEvent(response, huge), 200);
  };
  expectUnharmed(await runUntilTrouble(server.url, 'sse'));
});
