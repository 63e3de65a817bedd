import { expect, test } from 'vitest';
import { Metrics } from '../metrics/metrics.ts';
import { Rulesets } from '../rulesets/rulesets.ts';
import { FakeSocket } from '../testing/fake-socket.ts';
import { Connection } from './connection.ts';
import { encodeFrame } from './frame.ts';

const SMALL = encodeFrame({ type: 'heartbeat' });

function start({ drainTimeoutMs = 30_000 } = {}) {
  const metrics = new Metrics(new Rulesets(() => {}));
  const socket = new FakeSocket();
  const options = { id: 'c', metrics, maxBufferedBytes: 1_000, drainTimeoutMs };
  return { socket, metrics, connection: new Connection(socket as never, socket as never, options) };
}

test('a socket lags from a write that waits until all that was written has left', async () => {
  const { socket, connection } = start();
  connection.send(SMALL);
  expect(connection.isLagging).toBe(false);
  socket.stick();
  connection.send(SMALL);
  connection.send(SMALL);
  expect(connection.isLagging).toBe(true);
  socket.drain();
  await expect.poll(() => connection.isLagging).toBe(false);
  expect(socket.arrived).toHaveLength(3);
});

test('a socket that is stuck for longer than it may is dropped; one that lags for a shorter time is kept', () => {
  const [patient, hasty] = [start(), start({ drainTimeoutMs: -1_000 })];
  for (const { socket, connection } of [patient, hasty]) {
    expect(connection.dropIfStuck()).toBe(false);
    socket.stick();
    connection.send(SMALL);
  }
  expect(patient.connection.dropIfStuck()).toBe(false);
  expect(hasty.connection.dropIfStuck()).toBe(true);
  expect(hasty.connection.isOpen).toBe(false);
});

test('a large frame has more time to leave than a small one', () => {
  const { socket, connection } = start({ drainTimeoutMs: -1_000 });
  socket.stick();
  connection.send({ type: 'snapshot', bytes: Buffer.alloc(1_000_000) });
  expect(connection.dropIfStuck()).toBe(false);
});

test('a socket that is closed while it lags does not count as lagging any more', async () => {
  const { socket, connection, metrics } = start();
  socket.stick();
  connection.send(SMALL);
  connection.end();
  expect((await metrics.laggingSockets.get()).values[0]?.value).toBe(0);
});
