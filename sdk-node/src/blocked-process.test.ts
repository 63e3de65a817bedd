import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { changes, offFlag, onFlag, snapshot } from './test/documents.ts';
import { HEARTBEAT, startServer } from './test/live-client.ts';

/** An application that blocks its event loop for far longer than a silent server is waited for. */
const program = (url: string) => `
  import { Client } from './client.ts';
  import { TIMING } from './connection/timing.ts';
  import { readOptions } from './options.ts';
  import { Sync } from './sync.ts';

  const settings = readOptions({ url: '${url}', sdkKey: 'bnt_srv_1', logger: {}, transports: ['websocket'] });
  const timing = { ...TIMING, silenceTimeoutMs: 400, openTimeoutMs: 400 };
  const flags = new Client(settings.logger, (listeners) => new Sync(settings, listeners, timing));
  const problems = [];
  flags.on('error', ({ code }) => problems.push(code));
  const blocked = () => { for (const endMs = Date.now() + 1500; Date.now() < endMs; ); };
  blocked(); // while it connects
  await flags.ready();
  const before = flags.isEnabled('a');
  console.log('live');
  const changed = new Promise((resolve) => flags.on('change', resolve));
  blocked();
  const during = [flags.state, flags.isEnabled('a')];
  const alive = setInterval(() => {}, 1000);
  await changed;
  clearInterval(alive);
  console.log(JSON.stringify({ before, during, after: [flags.state, flags.isEnabled('a')], problems }));
  await flags.close();
`;

it('a process that was blocked answers from memory, catches up, and keeps its connection', async () => {
  const server = await startServer();
  const args = ['--input-type=module-typescript', '--no-warnings', '--eval', program(server.url)];
  const ended = promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname, timeout: 8_000 });
  const peer = await server.next();
  peer.send(snapshot(1, [onFlag('a')]));
  // A server goes on saying that it is there, and the receipt says that the process blocks from now on.
  const heartbeats = setInterval(() => peer.send(HEARTBEAT), 50);
  await peer.receive('receipt');
  peer.send(changes(1, 2, [offFlag('a')]));
  const { stdout } = await ended.finally(() => clearInterval(heartbeats));
  expect(JSON.parse(stdout.split('\n')[1] ?? '')).toEqual({
    before: true,
    during: ['live', true],
    after: ['live', false],
    problems: [],
  });
  expect(server.accepted).toBe(1);
});
