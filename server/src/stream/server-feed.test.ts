import type { Item } from '@bunting/core';
import { expect, test } from 'vitest';
import { Metrics } from '../metrics/metrics.ts';
import { EMPTY_HASH, updateHash } from '../rulesets/content-hash.ts';
import type { LiveRulesetState } from '../rulesets/live-ruleset.ts';
import { Rulesets } from '../rulesets/rulesets.ts';
import { type FakeSocket, fakeConnection } from '../testing/fake-socket.ts';
import { ServerFeed } from './server-feed.ts';
import { TokenBucket } from './token-bucket.ts';
import { Turns } from './turns.ts';

const key = { id: 'k', kind: 'server', name: 'k', environmentId: 'e' } as const;

function start({ snapshotBytesPerSecond = 1e9 } = {}) {
  const state: LiveRulesetState = {
    environmentId: 'e',
    project: 'p',
    environment: 'production',
    revision: { incarnation: 'i', number: 0, hash: EMPTY_HASH },
    committedAtMs: 0,
    items: [],
    recent: [],
    kills: [],
  };
  const report = (error: unknown) => expect.unreachable(String(error));
  const rulesets = new Rulesets(report);
  rulesets.add(state);
  const ruleset = rulesets.get('e');
  if (ruleset === undefined) throw new Error('no ruleset');
  const metrics = new Metrics(rulesets);
  const snapshotBytes = new TokenBucket(snapshotBytesPerSecond);
  // One socket a turn.
  const turns = new Turns({ maxTurnMs: 0, observe: () => {}, report });
  const origin = { nowMs: () => 0, dataAgeMs: () => 7, vouchAgeMs: () => 7 };
  const feed = new ServerFeed({ ruleset, metrics, turns, origin, report, snapshotBytes, stride: 1 });
  rulesets.onChange(() => feed.publish());
  rulesets.onKill((_, kill) => feed.kill(kill));
  const join = (have: typeof ruleset.revision | null = null) => {
    const { socket, connection } = fakeConnection(metrics);
    connection.admit({ key, ruleset, canUnpack: false, source: undefined, context: undefined }, feed);
    feed.join(connection, have);
    return { socket, connection };
  };
  const publish = (flag = 'a') => {
    const { incarnation, number, hash } = ruleset.revision;
    const item: Item = { kind: 'flag', key: flag, json: String(number + 1) };
    const served = ruleset.item('flag', flag);
    rulesets.apply({
      environmentId: 'e',
      from: number,
      revision: { incarnation, number: number + 1, hash: updateHash(hash, served ? [served] : [], [item]) },
      committedAtMs: 0,
      committedTickMs: 0,
      puts: [item],
      deletes: [],
    });
  };
  const kill = (flag: string, epoch: number) => rulesets.applyKill('e', { flag, epoch, engaged: true });
  return { feed, ruleset, metrics, turns, join, publish, kill };
}

/** The revisions that a socket was led through, and its kills; throws when a change does not follow the one before. */
function storyOf({ socket }: { readonly socket: FakeSocket }): (number | string)[] {
  const story: (number | string)[] = [];
  let number: number | undefined;
  for (const message of socket.messages()) {
    if (message.type === 'kill') story.push(`${message.flag} ${message.epoch}`);
    if (message.type === 'changes' && number !== undefined && message.from !== number)
      throw new Error(`from ${message.from} after ${number}`);
    if (message.type === 'snapshot' || message.type === 'changes') {
      number = message.revision.number;
      story.push(number);
    }
  }
  return story;
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

test('a change that comes while one is being delivered reaches those who had none yet in one frame', async () => {
  const { join, publish, metrics } = start();
  const sockets = Array.from({ length: 4 }, () => join());
  publish();
  await tick();
  await tick();
  publish();
  publish();
  await expect.poll(() => sockets.map((socket) => storyOf(socket).at(-1))).toEqual([3, 3, 3, 3]);
  expect(sockets.map(storyOf)).toEqual([
    [0, 1, 3],
    [0, 1, 3],
    [0, 3],
    [0, 3],
  ]);
  expect((await metrics.coalescedRevisions.get()).values[0]?.value).toBe(1 + 1 + 2 + 2);
});

test('sockets that join while changes are being delivered start from the current revision', async () => {
  const { join, publish } = start();
  const sockets = [join(), join()];
  publish();
  sockets.push(join());
  publish();
  sockets.push(join());
  await expect.poll(() => sockets.map((socket) => storyOf(socket).at(-1))).toEqual([2, 2, 2, 2]);
  expect(storyOf(sockets[3] as never)).toEqual([2]);
});

test('sockets that leave while changes are being delivered cost the others none', async () => {
  const { feed, join, publish } = start();
  const sockets = Array.from({ length: 6 }, () => join());
  publish();
  for (const { connection } of sockets.splice(0, 3)) feed.leave(connection);
  publish();
  await expect.poll(() => sockets.map((socket) => storyOf(socket).at(-1))).toEqual([2, 2, 2]);
});

test('one frame is made for all sockets that need the same', async () => {
  const { join, publish, ruleset } = start();
  const sockets = [join(), join(), join()];
  const before = ruleset.revision;
  publish();
  await expect.poll(() => sockets.map(storyOf)).toEqual(sockets.map(() => [0, 1]));
  const back = [join(before), join(before)];
  expect(sockets[0]?.socket.arrived[0]).toBe(sockets[2]?.socket.arrived[0]);
  expect(sockets[0]?.socket.arrived.at(-1)).toBe(sockets[2]?.socket.arrived.at(-1));
  expect(back[0]?.socket.arrived[0]).toBe(back[1]?.socket.arrived[0]);
});

test('a lagging socket has nothing queued but gets all that it missed as one difference when it has caught up', async () => {
  const { join, publish, metrics, ruleset } = start();
  const [lagging, other] = [join(), join()];
  lagging.socket.stick();
  for (const flag of ['a', 'b', 'a', 'c']) {
    publish(flag);
    await expect.poll(() => storyOf(other).at(-1)).toBe(ruleset.revision.number);
  }
  expect((await metrics.laggingSockets.get()).values[0]?.value).toBe(1);
  lagging.socket.drain();
  await expect.poll(() => storyOf(lagging)).toEqual([0, 1, 4]);
  await expect.poll(() => lagging.socket.messages().at(-1)).toEqual({ type: 'heartbeat', timeMs: 0, dataAgeMs: 7 });
  expect((await metrics.laggingSockets.get()).values[0]?.value).toBe(0);
  const last = lagging.socket.messages().findLast(({ type }) => type === 'changes');
  expect(last?.type === 'changes' && last.items.map((item) => item.key).sort()).toEqual(['a', 'b', 'c']);
});

test('a kill overtakes a change that is being delivered, also to sockets that lag, and none gets it twice', async () => {
  const { join, publish, kill } = start();
  const sockets = Array.from({ length: 4 }, () => join());
  sockets[3]?.socket.stick();
  publish();
  await tick();
  kill('a', 1);
  await expect.poll(() => sockets.map((socket) => storyOf(socket).at(-1))).toEqual(['a 1', 1, 1, 0]);
  expect(sockets.map(storyOf).slice(0, 3)).toEqual([
    [0, 1, 'a 1'],
    [0, 'a 1', 1],
    [0, 'a 1', 1],
  ]);
  sockets[3]?.socket.drain();
  await expect.poll(() => storyOf(sockets[3] as never)).toEqual([0, 'a 1', 1]);
});

test('whoever resumes gets the kills that it may have missed before the changes; a snapshot holds them', () => {
  const { join, publish, kill, ruleset } = start();
  const before = ruleset.revision;
  publish();
  join();
  kill('a', 1);
  kill('b', 4);
  const resumed = join(before);
  expect(storyOf(resumed)).toEqual(['a 1', 'b 4', 1]);
  const fresh = join();
  expect(fresh.socket.messages()[0]).toMatchObject({ type: 'snapshot', kills: [{ flag: 'a' }, { flag: 'b' }] });
});

test('every first frame is followed by the exact time and the age of the data', () => {
  const { join, ruleset } = start();
  const heartbeat = { type: 'heartbeat', timeMs: 0, dataAgeMs: 7 };
  expect(join().socket.messages().at(-1)).toEqual(heartbeat);
  expect(join(ruleset.revision).socket.messages().at(-1)).toEqual(heartbeat);
});

test('a lagging socket for which kills pile up is dropped', async () => {
  const { join, publish, kill, metrics } = start();
  const { socket } = join();
  socket.stick();
  publish();
  for (let epoch = 1; socket.readyState === 1 && epoch < 1_000; epoch++) {
    kill('a', epoch);
    await tick();
  }
  expect(socket.readyState).toBe(3);
  expect((await metrics.slowSockets.get()).values[0]?.value).toBe(1);
});

test('snapshots leave at a pace, and everyone gets one', async () => {
  // As much at once as one small snapshot has; it is some 200 bytes.
  const { join, publish } = start({ snapshotBytesPerSecond: 2_000 });
  const sockets = Array.from({ length: 4 }, () => join());
  expect(storyOf(sockets[0] as never)).toEqual([0]);
  expect(storyOf(sockets[3] as never)).toEqual([]);
  publish();
  await expect.poll(() => sockets.map((one) => storyOf(one).at(-1))).toEqual([1, 1, 1, 1]);
  expect(storyOf(sockets[3] as never)).toEqual([1]);
});
