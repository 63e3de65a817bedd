import { decodeServerMessage, type Item } from '@bunting/core';
import { expect, test } from 'vitest';
import { Metrics } from '../metrics/metrics.ts';
import { EMPTY_HASH, updateHash } from '../rulesets/content-hash.ts';
import { type CommittedChange, LiveRuleset } from '../rulesets/live-ruleset.ts';
import { Rulesets } from '../rulesets/rulesets.ts';
import { hello } from '../testing/stream-client.ts';
import { Connection } from './connection.ts';
import { RulesetFrames } from './ruleset-frames.ts';
import { ServerFeed } from './server-feed.ts';

const metrics = new Metrics(new Rulesets(() => {}));
const key = { id: 'k', kind: 'server', name: 'k', environmentId: 'e' } as const;

/** A socket that keeps the frames that it is sent. */
class Socket {
  readonly OPEN = 1;
  readyState = 1;
  writableLength = 0;
  readonly frames: Buffer[] = [];
  write(frame: Buffer): void {
    this.frames.push(frame);
  }
  terminate(): void {
    this.readyState = 3;
  }
}

function start() {
  const environment = { environmentId: 'e', project: 'p', environment: 'production' };
  const revision = { incarnation: 'i', number: 0, hash: EMPTY_HASH };
  const ruleset = new LiveRuleset({ ...environment, revision, committedAtMs: 0, items: [], recent: [], kills: [] });
  const feed = new ServerFeed(new RulesetFrames(() => 0));
  const join = () => {
    const socket = new Socket();
    const connection = new Connection(socket as never, socket as never, { id: 'c', metrics, maxBufferedBytes: 1_000 });
    feed.join(connection, { key, hello: hello('k'), ruleset });
    return { socket, connection };
  };
  const publish = () => {
    const item: Item = { kind: 'flag', key: 'a', json: String(ruleset.revision.number) };
    const served = ruleset.item('flag', 'a');
    const { incarnation, number, hash } = ruleset.revision;
    const change: CommittedChange = {
      environmentId: 'e',
      from: number,
      revision: { incarnation, number: number + 1, hash: updateHash(hash, served ? [served] : [], [item]) },
      committedAtMs: 0,
      committedTickMs: 0,
      puts: [item],
      deletes: [],
    };
    ruleset.apply(change);
    feed.publish(ruleset, change);
  };
  return { feed, ruleset, join, publish };
}

/** The text of a frame, which begins behind its header. */
function payloadOf(frame: Buffer): string {
  return frame.subarray(frame.indexOf('{')).toString();
}

/** The revisions that a socket was led through; throws when one does not start where the one before ended. */
function numbersOf(frames: readonly Buffer[]): number[] {
  const numbers: number[] = [];
  for (const frame of frames) {
    const decoded = decodeServerMessage(payloadOf(frame));
    if (!decoded.ok) throw new Error(decoded.error);
    const { message } = decoded;
    if (message.type === 'changes' && message.from !== numbers.at(-1))
      throw new Error(`from ${message.from} after ${numbers}`);
    if (message.type === 'snapshot' || message.type === 'changes') numbers.push(message.revision.number);
  }
  return numbers;
}

test('many sockets get every change in order, also those that join while changes are being delivered', async () => {
  const { join, publish } = start();
  const sockets = Array.from({ length: 700 }, join);
  publish();
  publish();
  sockets.push(join());
  await new Promise((resolve) => setImmediate(resolve));
  sockets.push(join());
  publish();
  sockets.push(join());
  await expect.poll(() => sockets.every(({ socket }) => numbersOf(socket.frames).at(-1) === 3)).toBe(true);
  for (const { socket } of sockets.slice(0, 700)) expect(numbersOf(socket.frames)).toEqual([0, 1, 2, 3]);
  expect(sockets.slice(700).map(({ socket }) => numbersOf(socket.frames))).toEqual([[2, 3], [2, 3], [3]]);
});

test('sockets that leave between two changes cost the others none', async () => {
  const { feed, join, publish } = start();
  const sockets = Array.from({ length: 700 }, join);
  publish();
  for (const { connection } of sockets.splice(0, 200)) feed.leave(connection);
  publish();
  await expect
    .poll(() => sockets.map(({ socket }) => numbersOf(socket.frames).join()))
    .toEqual(sockets.map(() => '0,1,2'));
});

test('one frame is made for all sockets', async () => {
  const { join, publish } = start();
  const sockets = [join(), join(), join()];
  publish();
  await expect.poll(() => sockets[2]?.socket.frames.length).toBe(2);
  expect(sockets[0]?.socket.frames[0]).toBe(sockets[2]?.socket.frames[0]);
  expect(sockets[0]?.socket.frames[1]).toBe(sockets[2]?.socket.frames[1]);
});

test('a socket that left or has too much waiting gets nothing more', async () => {
  const { feed, join, publish } = start();
  const [left, slow, stayed] = [join(), join(), join()];
  feed.leave(left.connection);
  slow.socket.writableLength = 1_000_000;
  publish();
  await expect.poll(() => numbersOf(stayed.socket.frames)).toEqual([0, 1]);
  expect(numbersOf(left.socket.frames)).toEqual([0]);
  expect(numbersOf(slow.socket.frames)).toEqual([0]);
  expect(slow.socket.readyState).toBe(3);
});
