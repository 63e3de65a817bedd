import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Presence } from './presence.ts';
import type { Visit } from './schemas.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ada = { kind: 'user', id: 'ada', name: 'Ada' } as const;
const ben = { kind: 'user', id: 'ben', name: 'Ben' } as const;
const FLAG = { kind: 'flag', key: 'checkout', editing: false } as const;

/** A server of an installation: what it posts goes to the others. */
function newServer(id: string, others: Presence[] = []) {
  const post = vi.fn(async (_: string, { server, visits }: { server: string; visits: Visit[] }) => {
    for (const other of others) other.hear(server, structuredClone(visits));
    return [];
  });
  const peers = { post, self: { id, url: '' } } as never;
  return { presence: new Presence({ peers, tickMs: () => Date.now() }), post };
}

const namesAt = (presence: Presence, who: typeof ada | typeof ben, tab: string) =>
  presence.othersAt(who, 'shop', tab, true).map(({ name }) => name);

test('two people on one page see each other, but not themselves in another tab, nor whoever is elsewhere', () => {
  const { presence } = newServer('one');
  presence.enter(ada, 'shop', 'ada-tab-1', FLAG);
  presence.enter(ada, 'shop', 'ada-tab-2', FLAG);
  expect(namesAt(presence, ada, 'ada-tab-1')).toEqual([]);
  presence.enter(ben, 'shop', 'ben-tab-1', FLAG);
  expect(namesAt(presence, ada, 'ada-tab-1')).toEqual(['Ben']);
  expect(namesAt(presence, ben, 'ben-tab-1')).toEqual(['Ada']);
  for (const [project, where] of [
    ['shop', { ...FLAG, key: 'other' }],
    ['shop', { ...FLAG, kind: 'release' }],
    ['other', FLAG],
  ] as const) {
    presence.enter(ben, project, 'ben-tab-1', where);
    expect(namesAt(presence, ada, 'ada-tab-1')).toEqual([]);
  }
});

test('says who edits, in which environment, and names nobody to who may not see people', () => {
  const { presence } = newServer('one');
  presence.enter(ada, 'shop', 'ada-tab-1', FLAG);
  presence.enter(ben, 'shop', 'ben-tab-1', { ...FLAG, environment: 'production' });
  presence.enter(ben, 'shop', 'ben-tab-2', { ...FLAG, environment: 'staging', editing: true });
  expect(presence.othersAt(ada, 'shop', 'ada-tab-1', true)).toEqual([
    { name: 'Ben', environment: 'staging', editing: true },
  ]);
  expect(presence.othersAt(ada, 'shop', 'ada-tab-1', false)).toEqual([
    { name: null, environment: 'staging', editing: true },
  ]);
  presence.enter(ben, 'shop', 'ben-tab-1', { ...FLAG, environment: 'production', editing: true });
  expect(presence.othersAt(ada, 'shop', 'ada-tab-1', true)).toEqual([
    { name: 'Ben', environment: null, editing: true },
  ]);
});

test('who leaves is gone at once, and who says nothing more within 30 s; who goes on saying so stays', () => {
  const { presence } = newServer('one');
  const heard = vi.fn();
  presence.watch('shop', heard);
  presence.enter(ada, 'shop', 'ada-tab-1', FLAG);
  presence.enter(ben, 'shop', 'ben-tab-1', FLAG);
  presence.leave(ben, 'ben-tab-1');
  expect(namesAt(presence, ada, 'ada-tab-1')).toEqual([]);
  expect(heard).toHaveBeenCalledTimes(3);
  presence.enter(ben, 'shop', 'ben-tab-1', FLAG);
  for (let ms = 0; ms < 30_000; ms += 5_000) {
    presence.enter(ada, 'shop', 'ada-tab-1', FLAG);
    vi.advanceTimersByTime(5_000);
  }
  expect(namesAt(presence, ada, 'ada-tab-1')).toEqual([]);
  // Those who were only still there were no news.
  expect(heard).toHaveBeenCalledTimes(5);
});

test('people on several servers see each other, until they leave or their server is gone', () => {
  const second = newServer('two');
  const first = newServer('one', [second.presence]);
  first.presence.enter(ada, 'shop', 'ada-tab-1', FLAG);
  second.presence.enter(ben, 'shop', 'ben-tab-1', FLAG);
  vi.advanceTimersByTime(1_000);
  expect(namesAt(second.presence, ben, 'ben-tab-1')).toEqual(['Ada']);
  // A page may be told of by one server while its tab came to another one.
  expect(namesAt(second.presence, ada, 'ada-tab-1')).toEqual(['Ben']);
  first.presence.leave(ada, 'ada-tab-1');
  vi.advanceTimersByTime(1_000);
  expect(namesAt(second.presence, ben, 'ben-tab-1')).toEqual([]);
  first.presence.enter(ada, 'shop', 'ada-tab-1', FLAG);
  vi.advanceTimersByTime(1_000);
  first.presence.close();
  vi.advanceTimersByTime(14_000);
  second.presence.enter(ben, 'shop', 'ben-tab-1', FLAG);
  expect(namesAt(second.presence, ben, 'ben-tab-1')).toEqual(['Ada']);
  vi.advanceTimersByTime(15_000);
  second.presence.enter(ben, 'shop', 'ben-tab-1', FLAG);
  expect(namesAt(second.presence, ben, 'ben-tab-1')).toEqual([]);
});

test('many moves within a moment are told to the other servers at once', () => {
  const { presence, post } = newServer('one');
  for (let at = 0; at < 100; at++) presence.enter(ada, 'shop', 'ada-tab-1', { ...FLAG, key: `flag-${at}` });
  vi.advanceTimersByTime(1_000);
  expect(post).toHaveBeenCalledTimes(1);
});

test('one person takes the room of 20 tabs, and no more', () => {
  const { presence, post } = newServer('one');
  for (let at = 0; at < 30; at++) presence.enter(ada, 'shop', `ada-tab-${at}`, FLAG);
  presence.enter(ben, 'shop', 'ben-tab-1', FLAG);
  vi.advanceTimersByTime(1_000);
  expect(post.mock.lastCall?.[1].visits).toHaveLength(21);
});
