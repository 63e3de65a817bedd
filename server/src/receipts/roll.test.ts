import type { Revision } from '@bunting/core';
import { describe, expect, test } from 'vitest';
import { count } from './count.ts';
import type { Moment } from './instance.ts';
import { RECEIPT_LIMITS } from './limits.ts';
import { takePart } from './part.ts';
import { Roll } from './roll.ts';
import { MAX_ROUNDS } from './rounds.ts';

const moment = (tickMs: number): Moment => ({ tickMs, atMs: 1_000_000 + tickMs });
const revision = (number: number, incarnation = 'i'): Revision => ({ incarnation, number, hash: `hash ${number}` });
const member = (name: string): object => ({ name });

/** A roll at revision 1, and what may happen to it by the ids of instances. */
function open(limits = {}) {
  const roll = new Roll(revision(1), moment(0), { ...RECEIPT_LIMITS, ...limits });
  const members = new Map<string, object>();
  const memberOf = (id: string) => members.get(id) ?? member(id);
  return {
    roll,
    summary: (number = roll.current.number) =>
      count([takePart(roll, { incarnation: roll.current.incarnation, number, kill: null })]),
    join(id: string, tickMs: number, via?: string) {
      const joined = member(id);
      members.set(id, joined);
      const introduction = { sdk: { name: 'test', version: '1' }, instance: { id } };
      return roll.join(joined, { introduction, via, connected: moment(tickMs) });
    },
    receive: (id: string, number: number, tickMs: number, broken = 0) =>
      roll.receive(memberOf(id), revision(number), broken, tickMs),
    commit: (number: number, tickMs: number) => roll.commit(revision(number), moment(tickMs)),
    receiveKill: (id: string, epoch: number, tickMs: number) =>
      roll.receiveKill(memberOf(id), { flag: 'f', epoch, engaged: true }, tickMs),
    leave: (id: string, ending: 'closed' | 'lost', tickMs: number) => roll.leave(memberOf(id), ending, moment(tickMs)),
  };
}

test('a receipt confirms the revisions before it too, each timed from its own commit', () => {
  const { join, receive, commit, summary } = open();
  join('a', 1);
  join('b', 1);
  receive('a', 1, 5);
  commit(2, 100);
  commit(3, 150);
  commit(4, 180);
  expect(receive('a', 4, 200)).toEqual([100, 50, 20]);
  expect(summary(2)).toMatchObject({ instances: 2, confirmed: 1, pending: 1, firstMs: 100, lastMs: 100 });
  expect(summary(4)).toMatchObject({ instances: 2, confirmed: 1, pending: 1, firstMs: 20, lastMs: 20 });
  expect(receive('b', 3, 260)).toEqual([160, 110]);
  expect(summary(3)).toMatchObject({ confirmed: 2, firstMs: 50, lastMs: 110 });
  expect(summary(4)).toMatchObject({ confirmed: 1, pending: 1 });
});

test('no receipt is timed twice, and who goes back is pending again', () => {
  const { join, receive, commit, summary } = open();
  join('a', 1);
  commit(2, 100);
  expect(receive('a', 2, 110)).toEqual([10]);
  expect(receive('a', 1, 120)).toEqual([]);
  expect(summary()).toMatchObject({ confirmed: 0, pending: 1 });
  expect(receive('a', 2, 130)).toEqual([]);
  expect(summary()).toMatchObject({ confirmed: 1, pending: 0, lastMs: 10 });
});

test('who connected after a commit has the revision, but says nothing about delivery', () => {
  const { join, receive, commit, summary } = open();
  commit(2, 100);
  join('a', 101);
  expect(receive('a', 2, 110)).toEqual([]);
  expect(summary()).toMatchObject({ confirmed: 1, lastMs: null });
});

test('another content under the same number, and another incarnation, prove nothing', () => {
  const { roll, commit, summary } = open();
  commit(2, 100);
  const a = member('a');
  roll.join(a, { introduction: { sdk: { name: 'test', version: '1' }, instance: { id: 'a' } }, connected: moment(1) });
  for (const wrong of [{ ...revision(2), hash: 'another' }, revision(2, 'other')]) {
    expect(roll.receive(a, wrong, 0, 110)).toEqual([]);
    expect(summary()).toMatchObject({ confirmed: 0, pending: 1 });
  }
  expect(roll.receive(a, revision(2), 0, 120)).toEqual([20]);
});

test('who runs a revision that is not known here yet is confirmed once it is', () => {
  const { join, receive, commit, summary } = open();
  join('a', 1);
  receive('a', 2, 50);
  expect(summary()).toMatchObject({ confirmed: 0, pending: 1 });
  commit(2, 60);
  expect(summary()).toMatchObject({ confirmed: 1, pending: 0, lastMs: null });
  commit(3, 70);
  expect(summary()).toMatchObject({ confirmed: 0, pending: 1 });
});

test('a new incarnation has everything still to be proved', () => {
  const { roll, join, receive, summary } = open();
  join('a', 1);
  receive('a', 1, 5);
  roll.replace(revision(1, 'j'), moment(100));
  expect(summary()).toMatchObject({ confirmed: 0, pending: 1 });
  receive('a', 1, 110);
  expect(summary()).toMatchObject({ confirmed: 0, pending: 1 });
});

test('a revision that is taken as a whole is judged by what instances said already', () => {
  const { roll, join, receive, commit, summary } = open();
  join('a', 1);
  join('b', 1);
  commit(2, 10);
  commit(3, 20);
  receive('a', 3, 25);
  receive('b', 2, 25);
  const before = roll.version;
  roll.replace(revision(3), moment(30));
  expect([roll.version, summary()]).toEqual([before, summary()]);
  roll.replace({ ...revision(3), hash: 'another' }, moment(30));
  expect(summary()).toMatchObject({ confirmed: 0, pending: 2 });
  expect(summary(2)).toMatchObject({ confirmed: 1, pending: 1 });
  roll.replace(revision(5), moment(40));
  expect(summary(2)).toMatchObject({ confirmed: 1, pending: 1 });
  // Revision 3 became another; what was timed before it stands.
  expect(receive('a', 5, 50)).toEqual([20, 10]);
  expect(summary()).toMatchObject({ confirmed: 1, lastMs: 10 });
});

test('revisions are kept for a while, and then no longer', () => {
  const { roll, commit } = open();
  for (let number = 2; number <= MAX_ROUNDS + 2; number += 1) commit(number, number);
  expect(roll.round(2)).toBeUndefined();
  expect(roll.round(3)).toBeDefined();
});

describe('an instance that leaves', () => {
  test('is gone when it said so, and unknown for a while when it did not', () => {
    const { roll, join, receive, leave, summary } = open({ unknownForMs: 1_000 });
    for (const id of ['a', 'b', 'c']) join(id, 1);
    receive('a', 1, 5);
    leave('a', 'closed', 10);
    leave('b', 'lost', 10);
    expect(summary()).toMatchObject({ instances: 1, pending: 1, unknown: 1 });
    roll.expire(1_009);
    expect(summary()).toMatchObject({ unknown: 1 });
    roll.expire(1_010);
    expect(summary()).toMatchObject({ instances: 1, unknown: 0 });
  });

  test('and comes back is known again; its old connection takes nobody with it', () => {
    const { roll, join, receive, leave, summary } = open();
    join('a', 1);
    leave('a', 'lost', 10);
    const old = member('old');
    roll.join(old, {
      introduction: { sdk: { name: 'test', version: '1' }, instance: { id: 'a' } },
      connected: moment(20),
    });
    expect(summary()).toMatchObject({ instances: 1, unknown: 0 });
    join('a', 30);
    receive('a', 1, 35);
    expect(roll.leave(old, 'lost', moment(40))).toBeUndefined();
    expect(summary()).toMatchObject({ instances: 1, confirmed: 1, unknown: 0 });
  });

  test('is forgotten first when too many were lost', () => {
    const { roll, join, leave } = open({ maxUnknown: 2 });
    for (const id of ['a', 'b', 'c']) {
      join(id, 1);
      leave(id, 'lost', 10);
    }
    expect([...roll.lost()].map(({ id }) => id)).toEqual(['b', 'c']);
  });
});

describe('a kill', () => {
  const kill = (epoch: number) => ({ flag: 'f', epoch, engaged: true });

  test('is timed from when it was taken, once for each instance that was connected', () => {
    const { roll, join, receiveKill } = open();
    join('a', 1);
    roll.beginKill(kill(1), moment(100));
    join('late', 101);
    expect(receiveKill('a', 1, 163)).toBe(63);
    expect(receiveKill('a', 1, 170)).toBeUndefined();
    expect(receiveKill('late', 1, 170)).toBeUndefined();
    roll.beginKill(kill(2), moment(200));
    expect(receiveKill('a', 1, 210)).toBeUndefined();
    expect(receiveKill('a', 2, 220)).toBe(20);
  });

  test('of a flag that was never killed is not remembered', () => {
    const { roll, join, receiveKill } = open();
    const a = join('a', 1);
    receiveKill('a', 1, 10);
    expect([a.kills.size, roll.kills.find('f')]).toEqual([0, undefined]);
  });
});

test('who asks for news in intervals is not behind before it could have asked', () => {
  const { roll, commit } = open({ behindAfterMs: 10_000 });
  for (const [id, pollMs] of [
    ['told', 0],
    ['asks', 30_000],
  ] as const) {
    const introduction = { sdk: { name: 'test', version: '1' }, instance: { id } };
    roll.join(member(id), { introduction, pollMs, connected: moment(1) });
  }
  commit(2, 100);
  const behindAt = (tickMs: number) => roll.findBehind(tickMs).map(({ id }) => id);
  expect(behindAt(10_000)).toEqual([]);
  expect(behindAt(10_200)).toEqual(['told']);
  expect(behindAt(40_000)).toEqual([]);
  expect(behindAt(40_200)).toEqual(['asks']);
});

test('an instance has been behind since the first revision it lacks, or since it connected', () => {
  const { roll, join, receive, commit } = open();
  const a = join('a', 1);
  receive('a', 1, 5);
  expect(roll.behindSince(a)).toBeUndefined();
  commit(2, 100);
  commit(3, 200);
  expect(roll.behindSince(a)).toEqual(moment(100));
  receive('a', 2, 250);
  expect(roll.behindSince(a)).toEqual(moment(200));
  expect(roll.behindSince(join('silent', 300))).toEqual(moment(300));
});
