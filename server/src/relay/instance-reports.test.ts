import type { Kill, Revision } from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyRing, type KnownKey } from '../keys/key-ring.ts';
import type { Introduction } from '../receipts/introduction.ts';
import type { Members } from '../receipts/receipts.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Connection, Peer } from '../stream/connection.ts';
import { readMessage } from '../stream/read-message.ts';
import { RelayHost } from './host.ts';
import { InstanceReports } from './instance-reports.ts';
import { RELAY_MESSAGES } from './protocol.ts';

interface Known {
  readonly id: string;
  revision?: number;
  readonly kills: Record<string, number>;
}

/** What is known of the instances that are there. */
class Roll implements Members {
  readonly known = new Map<object, Known>();

  join(member: object, _ruleset: LiveRuleset, { instance }: Introduction): void {
    this.known.set(member, { id: instance.id, kills: {} });
  }

  receive(member: object, { revision }: { readonly revision: Revision }): void {
    const known = this.known.get(member);
    if (known !== undefined) known.revision = revision.number;
  }

  receiveKill(member: object, { flag, epoch }: Kill): void {
    const known = this.known.get(member);
    if (known !== undefined) known.kills[flag] = Math.max(epoch, known.kills[flag] ?? 0);
  }

  leave(member: object): void {
    this.known.delete(member);
  }

  hear(): void {}

  list(): Known[] {
    return [...this.known.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}

/** A relay's reports, led to an upstream that may be lost and may not read. */
function start() {
  const above = new Roll();
  const ignored = { record: () => {}, measure: () => {} };
  const host = new RelayHost({ keys: new KeyRing(), receipts: above, telemetry: ignored, contexts: ignored });
  const connection = { send: () => {} } as unknown as Connection;
  const key: KnownKey = { id: 'k', kind: 'relay', name: 'edge', environmentId: 'e' };
  const ruleset = { environmentId: 'e', project: 'p', environment: 'x' } as unknown as LiveRuleset;
  const upstream = { reads: true, bytes: [] as number[] };
  const reports = new InstanceReports({
    nowMs: () => 0,
    batchMs: 1_000_000,
    send(text) {
      if (!upstream.reads) return false;
      upstream.bytes.push(Buffer.byteLength(text));
      // Read as the stream does, with its bounds.
      const message = readMessage(Buffer.from(text), false, RELAY_MESSAGES);
      if (message !== undefined) host.hear(connection, message);
      return true;
    },
  });
  const turn = (isLive: boolean) => {
    if (isLive)
      host.join(connection, { key, ruleset, canUnpack: false, context: undefined } as Peer, {
        instance: { id: 'edge' },
      });
    else host.leave(connection);
    reports.turn(isLive);
  };
  return { above, reports, upstream, turn };
}

const revision = (number: number): Revision => ({ incarnation: 'i', number, hash: `h${number}` });
const sdk = { name: 'sdk', version: '1' };

type Action =
  | { readonly type: 'join' | 'leave'; readonly who: number }
  | { readonly type: 'receipt' | 'kill'; readonly who: number; readonly number: number }
  | { readonly type: 'flush' | 'lose' | 'find' | 'stall' | 'read' };

const who = fc.nat(5);
const anyAction: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ type: fc.constantFrom('join' as const, 'leave' as const), who }),
  fc.record({ type: fc.constantFrom('receipt' as const, 'kill' as const), who, number: fc.nat(3) }),
  fc.record({
    type: fc.constantFrom('flush' as const, 'lose' as const, 'find' as const, 'stall' as const, 'read' as const),
  }),
);

test('whatever happens to instances and to the link, in the end the upstream knows of all of them what the relay does', () => {
  fc.assert(
    fc.property(fc.array(anyAction, { maxLength: 80, size: 'max' }), (actions) => {
      const { above, reports, upstream, turn } = start();
      const below = new Roll();
      const members = new Map<number, object>();
      let isLive = false;
      for (const action of actions) {
        const member = 'who' in action ? (members.get(action.who) ?? {}) : {};
        if (action.type === 'join') {
          // An instance that comes back is there again before its old connection is gone.
          const next = {};
          const introduction = { instance: { id: `${action.who}` }, sdk };
          below.join(next, {} as LiveRuleset, introduction);
          reports.join(next, introduction, undefined);
          below.leave(member);
          reports.leave(member, 'lost');
          members.set(action.who, next);
        } else if (action.type === 'leave') {
          below.leave(member);
          reports.leave(member, 'closed');
        } else if (action.type === 'receipt') {
          below.receive(member, { revision: revision(action.number) });
          reports.receive(member, revision(action.number), 0);
        } else if (action.type === 'kill') {
          const kill = { flag: 'f', epoch: action.number, engaged: true };
          below.receiveKill(member, kill);
          reports.receiveKill(member, kill);
        } else if (action.type === 'flush') reports.flush();
        else if (action.type === 'stall') upstream.reads = false;
        else if (action.type === 'read') upstream.reads = true;
        else if ((action.type === 'find') !== isLive) {
          isLive = !isLive;
          turn(isLive);
        }
      }
      upstream.reads = true;
      if (!isLive) turn(true);
      reports.flush();
      expect(above.list()).toEqual(below.list());
      turn(false);
      expect(above.list()).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

test('an upstream that comes back is told of the latest kill, in whatever order a relay below told of them', () => {
  const { above, reports, turn } = start();
  const member = {};
  reports.join(member, { instance: { id: '0' }, sdk }, undefined);
  for (const epoch of [2, 1]) reports.receiveKill(member, { flag: 'f', epoch, engaged: true });
  turn(true);
  expect(above.list()).toMatchObject([{ id: '0', kills: { f: 2 } }]);
});

test('many instances travel in messages that an upstream reads, and a receipt costs a few bytes', () => {
  const { above, reports, upstream, turn } = start();
  turn(true);
  const members = Array.from({ length: 10_000 }, () => ({}));
  // The largest that an SDK may introduce itself as.
  for (const [i, member] of members.entries()) {
    const instance = { id: `${i}`.padEnd(200, '\u0001'), app: '\u0001'.repeat(200), host: '"'.repeat(200) };
    reports.join(member, { instance, sdk }, undefined);
  }
  reports.flush();
  expect(above.known.size).toBe(10_000);
  upstream.bytes = [];
  for (const member of members) reports.receive(member, revision(7), 0);
  reports.flush();
  expect(above.list().every((known) => known.revision === 7)).toBe(true);
  expect(upstream.bytes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(80_000);
});
