import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { onFlag, snapshot } from './test/documents.ts';
import { ScriptedHttp, serve } from './test/scripted-http.ts';
import { ScriptedServer } from './test/scripted-server.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** Runs a program that has `connect` and `url`, in a process of its own; fails when it does not end by itself. */
async function run(url: string, program: string): Promise<string> {
  const source = `import { connect } from './connect.ts'; const url = '${url}'; ${program}`;
  const args = ['--input-type=module-typescript', '--no-warnings', '--eval', source];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: HERE, timeout: 8000 });
  return stdout.trim();
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function startServer(): Promise<ScriptedServer> {
  const server = await ScriptedServer.start();
  cleanups.push(() => server.kill());
  return server;
}

/** Accepts TCP connections and says nothing. */
async function startMuteServer(): Promise<string> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const CONNECT = `const flags = connect({ url, sdkKey: 'bnt_srv_1', logger: {} });`;

describe('a process with an open client', () => {
  it('ends by itself when it has nothing else to do', async () => {
    const server = await startServer();
    const output = run(server.url, `${CONNECT} await flags.ready(); console.log(flags.isEnabled('a'));`);
    const peer = await server.next();
    peer.send(snapshot(1, [onFlag('a')]));
    expect(await output).toBe('true');
  });

  it('ends by itself while the client is still connecting, or waiting to retry', async () => {
    expect(await run(await startMuteServer(), `${CONNECT} console.log('end')`)).toBe('end');
    const retrying = `${CONNECT} flags.on('error', () => {}); await new Promise((r) => setTimeout(r, 300)); console.log('end')`;
    expect(await run('http://127.0.0.1:9', retrying)).toBe('end');
  });

  it.each(['sse', 'polling'])('ends by itself while it uses %s', async (transport) => {
    const server = await ScriptedHttp.start();
    cleanups.push(() => server.kill());
    serve(server, snapshot(1, [onFlag('a')]));
    const connecting = `const flags = connect({ url, sdkKey: 'bnt_srv_1', logger: {}, transports: ['${transport}'] });`;
    expect(await run(server.url, `${connecting} await flags.ready(); console.log(flags.isEnabled('a'))`)).toBe('true');
    expect(await run(await startMuteServer(), `${connecting} console.log('end')`)).toBe('end');
  });

  it('ends by itself while a bootstrap is being fetched', async () => {
    const fetching = `connect({ url, sdkKey: 'bnt_srv_1', logger: {}, bootstrap: '${await startMuteServer()}' });`;
    expect(await run(await startMuteServer(), `${fetching} console.log('end')`)).toBe('end');
  });

  it('leaves to the next one what it had, also when two share a folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bunting-process-'));
    cleanups.push(() => rm(folder, { recursive: true, force: true }));
    const caching = `const flags = connect({ url, sdkKey: 'bnt_srv_1', logger: {}, cacheDir: '${folder}' });`;
    const server = await startServer();
    const { url } = server;
    const first = [1, 2].map(() => run(url, `${caching} await flags.ready(); await flags.close();`));
    for (const _ of first) (await server.next()).send(snapshot(1, [onFlag('a')]));
    await Promise.all(first);
    await server.kill();
    expect(await run(url, `${caching} console.log(flags.state, flags.isEnabled('a'))`)).toBe('cached true');
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('stays for as long as it waits for readiness', async () => {
    const program = `${CONNECT} console.log((await flags.ready({ timeoutMs: 300 })).state)`;
    expect(await run(await startMuteServer(), program)).toBe('default');
  });

  it('stays until a close that it waits for is done', async () => {
    const server = await startServer();
    const output = run(
      server.url,
      `${CONNECT} await flags.ready(); flags.isEnabled('a'); await flags.close(); console.log('closed')`,
    );
    const peer = await server.next();
    peer.send(snapshot(1, [onFlag('a')]));
    expect(await output).toBe('closed');
    expect((await peer.receive('telemetry')).exposures).toEqual([
      { flag: 'a', variant: 'on', reason: 'STATIC', count: 1 },
    ]);
  });
});
