import { afterEach, expect, test, vi } from 'vitest';
import { Metrics } from '../metrics/metrics.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { Rulesets } from '../rulesets/rulesets.ts';
import { Installation } from './installation.ts';
import { LiveReceipts } from './live-receipts.ts';
import { answerPeer } from './peer-answer.ts';
import { readPeerQuestion } from './peer-question.ts';
import type { Peers } from './peers.ts';
import { Receipts } from './receipts.ts';

const START = { incarnation: 'i', number: 1, hash: '1' };
const NONE_BROKEN = { count: 0, keys: [] };

/** Servers that share a database, in one process: what they ask each other goes through text as it does over HTTP. */
function newServers(count: number) {
  const all = Array.from({ length: count }, (_, index) => {
    const rulesets = new Rulesets((error) => expect.unreachable(String(error)));
    const names = { environmentId: 'e', project: 'shop', environment: 'production' };
    rulesets.add({ ...names, revision: START, committedAtMs: Date.now(), items: [], recent: [], kills: [] });
    const receipts = new Receipts(rulesets, new Metrics(rulesets));
    const ruleset = rulesets.get('e') as LiveRuleset;
    const peer = { id: String(index), url: `http://10.0.0.${index}` };
    const state = { isSilent: false, isRegistered: true, timesAsked: 0 };
    const answer = (path: string) => {
      state.timesAsked += 1;
      const ask = new URL(path, 'http://peer').searchParams.get('ask') ?? '';
      if (state.isSilent) return { peer };
      return { peer, body: JSON.parse(JSON.stringify(answerPeer(receipts.rollOf(ruleset), readPeerQuestion(ask)))) };
    };
    return { rulesets, receipts, ruleset, peer, state, answer };
  });
  const servers = all.map((self) => {
    const others = () => all.filter((other) => other !== self && other.state.isRegistered);
    const peers: Peers = {
      self: self.peer,
      peers: () => others().map(({ peer }) => peer),
      get: async (path) => others().map(({ answer }) => answer(path)),
    };
    const installation = new Installation({ receipts: self.receipts, peers, unknownForMs: 60_000 });
    return { ...self, installation, live: new LiveReceipts(installation, self.receipts) };
  });
  const members = new Map<string, object>();
  type Server = (typeof servers)[number];
  return {
    servers: servers as [Server, Server, Server],
    join(server: Server, id: string, version = '1.0') {
      const member = { id };
      members.set(id, member);
      const said = { sdk: { name: 'test', version: '1' }, instance: { id, app: 'web' }, deploy: { version } };
      server.receipts.join(member, server.ruleset, said, { keyId: `key of ${version}` });
    },
    receive(server: Server, id: string, number: number) {
      const receipt = { revision: { ...START, number, hash: String(number) }, broken: NONE_BROKEN };
      server.receipts.receive(members.get(id) ?? {}, receipt);
    },
    commit(number: number) {
      const revision = { ...START, number, hash: String(number) };
      const moment = { committedAtMs: Date.now(), committedTickMs: performance.now() };
      const change = { environmentId: 'e', from: number - 1, revision, ...moment, puts: [], deletes: [] };
      for (const { rulesets } of servers) rulesets.apply(change);
    },
    summary: ({ installation, ruleset }: Server) => installation.ask(ruleset, installation.liveQuestion(ruleset)),
  };
}

afterEach(() => {
  vi.useRealTimers();
});

test('whichever server is asked answers for all of them', async () => {
  const { servers, join, receive, commit, summary } = newServers(3);
  const [a, b, c] = servers;
  join(a, '1');
  join(b, '2');
  join(c, '3');
  commit(2);
  receive(b, '2', 2);
  for (const server of servers) {
    expect(await summary(server)).toMatchObject({ instances: 3, confirmed: 1, pending: 2, incomplete: [] });
  }
});

test('a server that does not answer is named, and its instances count as unknown until they come back', async () => {
  const { servers, join, receive, summary } = newServers(3);
  const [a, b, c] = servers;
  for (const [server, id] of [
    [a, '1'],
    [b, '2'],
    [b, '3'],
    [c, '4'],
  ] as const) {
    join(server, id);
    receive(server, id, 1);
  }
  expect(await summary(a)).toMatchObject({ instances: 4, confirmed: 4, unknown: 0 });
  b.state.isSilent = true;
  expect(await summary(a)).toMatchObject({ instances: 2, confirmed: 2, unknown: 2, incomplete: [b.peer.url] });
  join(c, '2');
  receive(c, '2', 1);
  expect(await summary(a)).toMatchObject({ instances: 3, confirmed: 3, unknown: 1, incomplete: [b.peer.url] });
  // Struck off the register, it is not expected to answer; who was there is not forgotten at once.
  b.state.isRegistered = false;
  expect(await summary(a)).toMatchObject({ instances: 3, unknown: 1, incomplete: [] });
  expect(await summary(c)).toMatchObject({ instances: 3, unknown: 0, incomplete: [] });
});

test('the instances of a server that stays silent are forgotten in time, and the server is still named', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { servers, join, summary } = newServers(2);
  const [a, b] = servers;
  join(b, '1');
  await summary(a);
  b.state.isSilent = true;
  expect(await summary(a)).toMatchObject({ instances: 0, unknown: 1, incomplete: [b.peer.url] });
  vi.advanceTimersByTime(60_001);
  expect(await summary(a)).toMatchObject({ instances: 0, unknown: 0, incomplete: [b.peer.url] });
});

test('an answer that cannot be understood is none', async () => {
  const { servers, join, summary } = newServers(2);
  const [a, b] = servers;
  join(b, '1');
  const get = async () => [{ peer: b.peer, body: { entries: 'no' } }];
  const peers: Peers = { self: a.peer, peers: () => [b.peer], get };
  const installation = new Installation({ receipts: a.receipts, peers, unknownForMs: 1 });
  expect(await summary({ ...a, installation })).toMatchObject({ instances: 0, incomplete: [b.peer.url] });
});

test('lists are of all servers, in pages, and show an instance that moved once', async () => {
  const { servers, join, receive, commit } = newServers(3);
  const [a, b, c] = servers;
  for (const [server, id] of [
    [a, '1'],
    [b, '2'],
    [c, '3'],
    [a, '4'],
    [b, '5'],
  ] as const)
    join(server, id);
  await new Promise((resolve) => setTimeout(resolve, 2));
  join(c, '4');
  receive(c, '4', 1);
  const listAll = async (list: 'instances' | 'stragglers') => {
    const ids: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const after = cursor === undefined ? null : JSON.parse(Buffer.from(cursor, 'base64url').toString());
      const page = await b.installation.list(b.ruleset, { list, after, limit: 2 });
      ids.push(...page.items.map(({ id, state }) => `${id} ${state}`));
      cursor = page.nextCursor;
    }
    return ids;
  };
  expect(await listAll('instances')).toEqual(['1 pending', '2 pending', '3 pending', '4 confirmed', '5 pending']);
  commit(2);
  receive(c, '4', 2);
  expect((await listAll('stragglers')).sort()).toEqual(['1 pending', '2 pending', '3 pending', '5 pending']);
});

test('a census counts each instance once, by what it is and where it is connected', async () => {
  const { servers, join, receive } = newServers(2);
  const [a, b] = servers;
  for (const id of ['1', '2', '3']) join(a, id);
  await new Promise((resolve) => setTimeout(resolve, 2));
  // It has moved, and the first server has not noticed.
  join(b, '3');
  join(b, '4', '2.0');
  receive(b, '4', 1);
  const web = { app: 'web', sdk: { name: 'test', version: '1' }, relay: null, behind: 0, unknown: 0, broken: 0 };
  const old = { ...web, version: '1.0', key: 'key of 1.0', confirmed: 0 };
  const groups = [
    { ...old, server: a.peer.url, pending: 2 },
    { ...old, server: b.peer.url, pending: 1 },
    { ...web, version: '2.0', key: 'key of 2.0', server: b.peer.url, confirmed: 1, pending: 0 },
  ];
  for (const { installation, ruleset } of [a, b]) {
    const census = await installation.census(ruleset);
    expect(census.groups).toHaveLength(3);
    expect(census).toEqual({ groups: expect.arrayContaining(groups), incomplete: [] });
  }
  b.state.isSilent = true;
  const { groups: left, incomplete } = await a.installation.census(a.ruleset);
  // Of the one that has moved, the first server knows no better now.
  expect(left).toContainEqual({ ...old, server: a.peer.url, pending: 3 });
  expect(left).toContainEqual({ ...groups[2], confirmed: 0, unknown: 1 });
  expect(incomplete).toEqual([b.peer.url]);
});

test('a server of the version before is understood: its instances are of a kind that is not known', async () => {
  const { servers, join } = newServers(2);
  const [a, b] = servers;
  join(b, '1');
  const get = async (path: string) => {
    const { body, peer } = b.answer(path) as { peer: typeof b.peer; body: Record<string, unknown> };
    const { kinds: _, ...known } = body;
    const instances = (body.instances as Record<string, unknown>[]).map(({ key: _, pollMs: __, ...said }) => said);
    return [{ peer, body: { ...known, instances } }];
  };
  const peers: Peers = { self: a.peer, peers: () => [b.peer], get };
  const installation = new Installation({ receipts: a.receipts, peers, unknownForMs: 1 });
  const { groups, incomplete } = await installation.census(a.ruleset);
  expect(groups).toMatchObject([{ app: null, version: null, sdk: null, server: b.peer.url, pending: 1 }]);
  expect(incomplete).toEqual([]);
  const request = { list: 'instances', after: null, limit: 10 } as const;
  const listed = async (filter: object) => (await installation.list(a.ruleset, { ...request, ...filter })).items;
  expect(await listed({})).toMatchObject([{ id: '1', key: null, server: b.peer.url }]);
  expect(await listed({ key: 'key of 1.0' })).toEqual([]);
});

test('a list is narrowed to the servers that instances reach', async () => {
  const { servers, join } = newServers(2);
  const [a, b] = servers;
  join(a, '1');
  join(b, '2');
  const request = { list: 'instances', after: null, limit: 10 } as const;
  const on = async (server: string) =>
    (await a.installation.list(a.ruleset, request, server)).items.map(({ id, server }) => ({ id, server }));
  expect(await on(a.peer.url)).toEqual([{ id: '1', server: a.peer.url }]);
  expect(await on(b.peer.url)).toEqual([{ id: '2', server: b.peer.url }]);
});

test('others are asked only while someone watches: at most every 250 ms while something changes, then every 5 s', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] });
  const { servers, join, receive, commit } = newServers(2);
  const [a, b] = servers;
  join(b, '1');
  join(a, '2');
  receive(b, '1', 1);
  receive(a, '2', 1);
  expect(b.state.timesAsked).toBe(0);
  let told = 0;
  const unwatch = a.live.watch(a.ruleset, () => {
    told += 1;
  });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(b.state.timesAsked).toBeLessThanOrEqual(4);
  expect(a.live.read(a.ruleset)).toMatchObject({ instances: 2, confirmed: 2 });
  const before = b.state.timesAsked;
  commit(2);
  // What is known of the other server is of the revision before.
  expect(a.live.read(a.ruleset)).toMatchObject({ instances: 2, confirmed: 0 });
  receive(a, '2', 2);
  await vi.advanceTimersByTimeAsync(500);
  receive(b, '1', 2);
  told = 0;
  await vi.advanceTimersByTimeAsync(250);
  expect(told).toBeGreaterThan(0);
  expect(a.live.read(a.ruleset)).toMatchObject({ instances: 2, confirmed: 2, lastMs: 500 });
  expect(b.state.timesAsked - before).toBeLessThanOrEqual(4);
  unwatch();
  const after = b.state.timesAsked;
  commit(3);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(b.state.timesAsked).toBe(after);
});
