import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { count } from './count.ts';
import type { Ending } from './instance.ts';
import { type Part, takePart, withoutAnswers, withoutContact } from './part.ts';
import { readPeerAnswer, writePeerAnswer } from './peer-answer.ts';
import { Roll } from './roll.ts';

const revision = (number: number) => ({ incarnation: 'i', number, hash: String(number) });
const at = (tickMs: number) => ({ tickMs, atMs: 1_900_000_000_000 + tickMs });
const KILL = { flag: 'f', epoch: 1, engaged: true };
const QUESTION = { incarnation: 'i', number: 2, kill: KILL };

/** A server at revision 1, and what instances do there. */
function newServer() {
  const roll = new Roll(revision(1), at(0));
  const members = new Map<string, object>();
  const memberOf = (id: string) => members.get(id) ?? {};
  return {
    roll,
    join(id: string, tickMs: number) {
      const member = {};
      members.set(id, member);
      const introduction = { sdk: { name: 'test', version: '1' }, instance: { id } };
      roll.join(member, { introduction, connected: at(tickMs) });
    },
    receive: (id: string, number: number, tickMs: number, broken = 0) =>
      roll.receive(memberOf(id), revision(number), broken, tickMs),
    receiveKill: (id: string, tickMs: number) => roll.receiveKill(memberOf(id), KILL, tickMs),
    leave: (id: string, ending: Ending, tickMs: number) => roll.leave(memberOf(id), ending, at(tickMs)),
    part: () => takePart(roll, QUESTION),
  };
}

describe('parts of several servers', () => {
  test('add up', () => {
    const [a, b] = [newServer(), newServer()];
    for (const id of ['1', '2']) a.join(id, 1);
    for (const id of ['3', '4', '5']) b.join(id, 1);
    for (const { roll } of [a, b]) roll.commit(revision(2), at(100));
    a.receive('1', 2, 103);
    a.receive('2', 2, 150, 1);
    b.receive('3', 2, 110);
    b.leave('5', 'lost', 120);
    expect(count([a.part(), b.part()])).toMatchObject({
      instances: 4,
      confirmed: 3,
      pending: 1,
      unknown: 1,
      broken: 1,
      firstMs: 3,
      p50Ms: 10,
      lastMs: 50,
    });
  });

  test('count an instance that moved once, as what it is where it connected last', () => {
    const [a, b] = [newServer(), newServer()];
    for (const { roll } of [a, b]) roll.commit(revision(2), at(50));
    a.join('moved', 1);
    a.join('lost and back', 1);
    a.leave('lost and back', 'lost', 60);
    for (const id of ['moved', 'lost and back']) {
      b.join(id, 70);
      b.receive(id, 2, 75);
    }
    for (const parts of [
      [a.part(), b.part()],
      [b.part(), a.part()],
    ]) {
      expect(count(parts)).toMatchObject({ instances: 2, confirmed: 2, pending: 0, unknown: 0 });
    }
  });

  test('time a kill from when the first server took it', () => {
    const [a, b] = [newServer(), newServer()];
    a.join('1', 1);
    b.join('2', 1);
    a.roll.beginKill(KILL, at(100));
    b.roll.beginKill(KILL, at(108));
    a.receiveKill('1', 110);
    b.receiveKill('2', 120);
    const { kill } = count([b.part(), a.part()]);
    expect(kill).toMatchObject({ instances: 2, confirmed: 2, firstMs: 10, lastMs: 20 });
  });

  test('of a server that is silent count as unknown, of one that was asked something else as pending', () => {
    const [a, b] = [newServer(), newServer()];
    for (const { roll } of [a, b]) roll.commit(revision(2), at(50));
    a.join('1', 1);
    b.join('2', 1);
    b.join('3', 1);
    b.receive('2', 2, 60);
    expect(count([a.part(), withoutContact(b.part())])).toMatchObject({ instances: 1, unknown: 2, lastMs: null });
    expect(count([a.part(), withoutAnswers(b.part())])).toMatchObject({ instances: 3, confirmed: 0, lastMs: null });
  });

  test('are the same after the way from server to server', () => {
    const a = newServer();
    a.join('1', 1);
    a.join('2', 1);
    a.roll.beginKill(KILL, at(20));
    a.roll.commit(revision(2), at(50));
    a.receive('1', 2, 63.5);
    a.receiveKill('1', 64);
    const travelled = readPeerAnswer(JSON.parse(JSON.stringify(writePeerAnswer(a.part(), []))));
    expect(travelled?.part).toEqual(a.part());
    for (const wrong of [undefined, null, {}, { ...writePeerAnswer(a.part(), []), entries: 5 }]) {
      expect(readPeerAnswer(wrong)).toBeUndefined();
    }
    const cut = { ...writePeerAnswer(a.part(), []), entries: 'AAAA' };
    expect(readPeerAnswer(cut)?.part.entries).toHaveLength(0);
  });
});

test('however instances move between servers, the sum is that of one server that had them all', () => {
  const id = fc.constantFrom('1', '2', '3', '4', '5');
  const server = fc.nat(2);
  const step = fc.oneof(
    fc.record({ does: fc.constant('join' as const), id, server }),
    fc.record({ does: fc.constant('receive' as const), id, number: fc.integer({ min: 1, max: 2 }), broken: fc.nat(1) }),
    fc.record({ does: fc.constant('kill-receipt' as const), id }),
    fc.record({ does: fc.constant('leave' as const), id }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), fc.nat(40), fc.nat(40), (steps, commitAt, killAt) => {
      const servers = [newServer(), newServer(), newServer()];
      const whole = newServer();
      /** Where each instance is; where it was before has noticed nothing. */
      const places = new Map<string, number>();
      for (const [index, step] of steps.entries()) {
        const nowMs = 10 + index * 10;
        for (const { roll } of [...servers, whole]) {
          if (index === commitAt) roll.commit(revision(2), at(nowMs - 5));
          if (index === killAt) roll.beginKill(KILL, at(nowMs - 5));
        }
        if (step.does === 'join') {
          places.set(step.id, step.server);
          servers[step.server]?.join(step.id, nowMs);
          whole.join(step.id, nowMs);
          continue;
        }
        const place = places.get(step.id);
        if (place === undefined) continue;
        if (step.does === 'leave') {
          // A connected instance counts more than a lost one, so this is the moment when all notice.
          for (const server of [...servers, whole]) server.leave(step.id, 'lost', nowMs);
          continue;
        }
        for (const server of [servers[place], whole]) {
          if (step.does === 'receive') server?.receive(step.id, step.number, nowMs, step.broken);
          else server?.receiveKill(step.id, nowMs);
        }
      }
      const sum = count(servers.map(({ part }) => part()));
      const { kill, unkilledNames, ...expected } = count([whole.part()]);
      expect(sum).toMatchObject(expected);
      // That an instance confirmed a kill on another server before it moved is known there alone.
      expect(sum.kill.instances).toBe(kill.instances);
      expect(sum.kill.confirmed).toBeLessThanOrEqual(kill.confirmed);
      const ids = sum.unkilledNames.map(({ id }) => id);
      expect(ids).toEqual(expect.arrayContaining(unkilledNames.map(({ id }) => id)));
      expect(new Set(ids).size).toBe(ids.length);
    }),
  );
});

test('an empty fleet is nobody', () => {
  const none: Part[] = [];
  expect(count(none)).toMatchObject({ instances: 0, unknown: 0, firstMs: null });
});
