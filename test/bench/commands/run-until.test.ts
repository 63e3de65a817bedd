import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { type Ran, type RunUntil, runUntil } from './run-until.ts';

const forever = 'setInterval(() => {}, 1000)';

test('without a condition, a program is done when it has ended well', async () => {
  const { seconds, output } = await run({ script: 'setTimeout(() => console.log("so"), 50)' });
  expect(seconds).toBeGreaterThan(0.05);
  expect(output).toBe('so\n');
  await expect(run({ script: 'process.exit(3)' })).rejects.toThrow('ended (3) before it was done');
});

test('with a condition, a program is done at the output that meets it, and is ended with its children', async () => {
  // The child holds a connection to here: when that closes, the child is gone.
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const gone = new Promise<void>((resolve) => {
    server.once('connection', (socket) =>
      socket
        .resume()
        .on('error', () => {})
        .on('close', () => resolve()),
    );
  });
  const child = `require('node:net').connect(${port}, '127.0.0.1', () => console.log('connected'))`;
  await run({
    script: `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' })`,
    done: (output) => output.includes('connected'),
  });
  await gone;
  server.close();
});

test('a program that ends before its condition is met, takes too long or does not exist is an error', async () => {
  const done = (output: string) => output.includes('never');
  await expect(run({ script: '', done })).rejects.toThrow('ended (0) before it was done');
  await expect(run({ script: forever, done, timeoutMs: 100 })).rejects.toThrow('not done after');
  await expect(run({ script: '', command: ['no-such-program'] })).rejects.toThrow('ENOENT');
});

function run({ script, ...options }: { script: string } & Partial<RunUntil>): Promise<Ran> {
  return runUntil({
    command: [process.execPath, '-e', script],
    cwd: '.',
    env: process.env,
    done: undefined,
    timeoutMs: 10_000,
    say() {},
    ...options,
  });
}
