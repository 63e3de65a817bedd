import { setTimeout } from 'node:timers/promises';
import type { PathCount } from '@bunting/core';
import { expect, test, vi } from 'vitest';
import { FirstExposures } from '../measurements/first-exposures.ts';
import type { Increment } from '../measurements/increments.ts';
import { RunningCounts } from '../measurements/running-counts.ts';
import { Counters } from './counters.ts';

const WATCHED = new Map([['e', { flags: 'all', timed: 'all', sampled: 'all' } as const]]);
const LABELS = { variant: 'on', rule: '', reason: 'SPLIT', path: 'run', version: '1' };
const counted: PathCount = { flag: 'f', variant: 'on', reason: 'SPLIT', path: 'run', count: 10, errors: 1 };
const newCounts = () => {
  const counts = new RunningCounts();
  const firsts = new FirstExposures();
  counts.watch(WATCHED);
  firsts.watch(WATCHED);
  const cell = { environmentId: 'e', flag: 'f', rule: '', variant: 'on', mark: 7 };
  return {
    ...{ counts, firsts },
    run: () => counts.addPath('e', LABELS, counted),
    expose: (...hashes: number[]) => firsts.add(cell, hashes),
  };
};
const sum = (increments: readonly Increment[]) => increments.reduce((all, { count }) => all + count, 0);

/** Another server, and how it answers. */
class OtherServer {
  readonly made = newCounts();
  readonly peer = { id: `p${Math.random()}`, url: 'http://p', version: '1' };
  how: 'answers' | 'hangs' | 'fails' = 'answers';
  /** False: it is of an earlier version. */
  hasFirsts = true;
  asked = 0;
  #hanging: (() => void)[] = [];

  async ask(path: string): Promise<unknown> {
    if (path.startsWith('/measurements/running')) this.asked += 1;
    if (this.how === 'hangs') await new Promise<void>((resolve) => this.#hanging.push(resolve));
    if (this.how === 'fails') return undefined;
    const since = Number(new URLSearchParams(path.split('?')[1]).get('since'));
    const { counts, firsts } = this.made;
    if (path.startsWith('/measurements/firsts')) return this.hasFirsts ? firsts.since(since) : undefined;
    return counts.since(since);
  }

  goOn(): void {
    this.how = 'answers';
    for (const resolve of this.#hanging.splice(0)) resolve();
  }
}

function start(...others: OtherServer[]) {
  const own = newCounts();
  const present = [...others];
  const counters = new Counters(
    { running: own.counts, firsts: own.firsts },
    {
      peers: () => present.map(({ peer }) => peer),
      ask: async <T>({ id }: { id: string }, path: string) => {
        const other = others.find(({ peer }) => peer.id === id) as OtherServer;
        return { peer: other.peer, body: (await other.ask(path)) as T };
      },
    },
  );
  return { own, counters, present };
}

test('what all servers counted since the last look, each count once', async () => {
  const other = new OtherServer();
  const { own, counters } = start(other);
  other.made.run();
  // What the other one counted before anyone asked is where it begins.
  expect(sum(await counters.take())).toBe(0);
  own.run();
  other.made.run();
  other.made.run();
  expect(sum(await counters.take())).toBe(30);
  expect(sum(await counters.take())).toBe(0);
});

test('a server that stands still holds a look up once, briefly; what it counted comes when it goes on', async () => {
  const other = new OtherServer();
  const { own, counters } = start(other);
  await counters.take();
  other.how = 'hangs';
  const tookMs: number[] = [];
  for (let look = 0; look < 5; look++) {
    own.run();
    other.made.run();
    const beganMs = performance.now();
    expect(sum(await counters.take())).toBe(10);
    tookMs.push(performance.now() - beganMs);
  }
  expect(tookMs.filter((ms) => ms > 150).length).toBeLessThanOrEqual(1);
  expect(other.asked).toBe(2);
  other.goOn();
  await expect.poll(async () => sum(await counters.take())).toBe(50);
});

test('a server that fails is left out of more and more looks, and nothing it counted is lost', async () => {
  const other = new OtherServer();
  const { counters } = start(other);
  await counters.take();
  other.how = 'fails';
  for (let look = 0; look < 20; look++) await counters.take();
  expect(other.asked).toBeLessThan(7);
  other.how = 'answers';
  other.made.run();
  let found = 0;
  for (let look = 0; look < 40; look++) found += sum(await counters.take());
  expect(found).toBe(10);
});

test('a server that begins anew is another one; the same is not counted twice', async () => {
  const before = new OtherServer();
  const { counters, present } = start(before);
  await counters.take();
  before.made.run();
  expect(sum(await counters.take())).toBe(10);
  present.splice(0);
  expect(sum(await counters.take())).toBe(0);
  present.push(before);
  expect(sum(await counters.take())).toBe(0);
});

test('a subject that several servers saw counts once; one of an earlier version is asked for the rest all the same', async () => {
  const [other, older] = [new OtherServer(), new OtherServer()];
  older.hasFirsts = false;
  const { own, counters } = start(other, older);
  other.made.expose(1);
  expect(sum(await counters.take())).toBe(0);
  own.expose(1, 2, 3);
  other.made.expose(3, 4);
  older.made.run();
  const increments = await counters.take();
  expect(sum(increments.filter(({ path }) => path === 'first:7'))).toBe(3);
  expect(sum(increments.filter(({ path }) => path === 'run'))).toBe(10);
  own.expose(4);
  expect(sum(await counters.take())).toBe(0);
});

test('however many come at once from a server that stood still, all are taken', async () => {
  const other = new OtherServer();
  const { counters } = start(other);
  counters.watch(WATCHED);
  await counters.take();
  const expose = (flags: string[]) => {
    const cell = { environmentId: 'e', rule: '', variant: 'on', mark: 7 };
    const told = flags.flatMap((flag) =>
      Array.from({ length: 25_000 }, (_, hash) => ({ ...cell, flag, hashes: [hash] })),
    );
    vi.spyOn(other.made.firsts, 'since').mockReturnValueOnce({ upTo: flags.length, cells: told });
  };
  expose(['a', 'b', 'c']);
  other.how = 'hangs';
  await counters.take();
  other.goOn();
  await setTimeout(500);
  expose(['d', 'e', 'f']);
  let all = 0;
  while (all < 150_000) all += sum(await counters.take());
  expect(all).toBe(150_000);
});
