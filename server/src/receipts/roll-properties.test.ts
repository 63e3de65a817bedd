import fc from 'fast-check';
import { expect, test } from 'vitest';
import { count } from './count.ts';
import { RECEIPT_LIMITS } from './limits.ts';
import { takePart } from './part.ts';
import { Roll } from './roll.ts';

const UNKNOWN_FOR_MS = 50;
const IDS = ['a', 'b', 'c', 'd'];

/** What is known of an instance, told as simply as can be. */
interface Known {
  joinedMs: number;
  runs: number | null;
  lostMs: number | null;
  broken: number;
}

const id = fc.constantFrom(...IDS);
const step = fc.oneof(
  fc.record({ does: fc.constant('join' as const), id }),
  fc.record({ does: fc.constant('receive' as const), id, back: fc.nat(3), broken: fc.nat(1) }),
  fc.record({ does: fc.constant('leave' as const), id, ending: fc.constantFrom('closed' as const, 'lost' as const) }),
  // The connection before the last one of an instance is noticed to be gone.
  fc.record({ does: fc.constant('leave-old' as const), id }),
  fc.record({ does: fc.constant('commit' as const) }),
  fc.record({ does: fc.constant('expire' as const) }),
);

test('whatever happens in whatever order, every instance is counted once, as what it is', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.integer({ min: 1, max: 20 })), { maxLength: 60, size: 'max' }), (steps) => {
      const at = (tickMs: number) => ({ tickMs, atMs: tickMs });
      const revision = (number: number) => ({ incarnation: 'i', number, hash: String(number) });
      const roll = new Roll(revision(1), at(0), { ...RECEIPT_LIMITS, unknownForMs: UNKNOWN_FOR_MS });
      const members = new Map<string, object[]>();
      const known = new Map<string, Known>();
      const commits = [0];
      let nowMs = 0;
      for (const [step, passMs] of steps) {
        nowMs += passMs;
        if (step.does === 'join') {
          const member = {};
          members.set(step.id, [...(members.get(step.id) ?? []), member]);
          const introduction = { sdk: { name: 'test', version: '1' }, instance: { id: step.id } };
          roll.join(member, { introduction, connected: at(nowMs) });
          known.set(step.id, { joinedMs: nowMs, runs: null, lostMs: null, broken: 0 });
        } else if (step.does === 'commit') {
          commits.push(nowMs);
          roll.commit(revision(commits.length), at(nowMs));
        } else if (step.does === 'expire') {
          roll.expire(nowMs);
          for (const [id, { lostMs }] of known) {
            if (lostMs !== null && nowMs - lostMs >= UNKNOWN_FOR_MS) known.delete(id);
          }
        } else if (step.does === 'leave-old') {
          const [old, ...newer] = members.get(step.id) ?? [];
          if (old === undefined || newer.length === 0) continue;
          members.set(step.id, newer);
          roll.leave(old, 'lost', at(nowMs));
        } else {
          const member = members.get(step.id)?.at(-1);
          const instance = known.get(step.id);
          if (member === undefined || instance === undefined || instance.lostMs !== null) continue;
          if (step.does === 'leave') {
            members.set(step.id, members.get(step.id)?.slice(0, -1) ?? []);
            roll.leave(member, step.ending, at(nowMs));
            // An older connection that is still open is not taken for the instance again.
            if (step.ending === 'closed') known.delete(step.id);
            else instance.lostMs = nowMs;
            continue;
          }
          const number = Math.max(1, commits.length - step.back);
          const took = roll.receive(member, revision(number), step.broken, nowMs);
          for (const ms of took) expect(ms).toBeGreaterThanOrEqual(0);
          instance.runs = number;
          instance.broken = step.broken;
        }
      }
      for (let number = 1; number <= commits.length; number += 1) {
        const all = [...known.values()];
        const connected = all.filter(({ lostMs }) => lostMs === null);
        const confirmed = connected.filter(({ runs }) => runs !== null && runs >= number);
        expect(count([takePart(roll, { incarnation: 'i', number, kill: null })])).toMatchObject({
          instances: connected.length,
          confirmed: confirmed.length,
          pending: connected.length - confirmed.length,
          unknown: all.length - connected.length,
          broken: confirmed.filter(({ broken }) => broken > 0).length,
        });
      }
    }),
  );
});

test('a receipt is timed once for each revision that its instance waited for', () => {
  const steps = fc.array(fc.oneof(fc.constant('commit' as const), fc.nat(5)), { maxLength: 50, size: 'max' });
  fc.assert(
    fc.property(steps, (steps) => {
      const at = (tickMs: number) => ({ tickMs, atMs: tickMs });
      const revision = (number: number) => ({ incarnation: 'i', number, hash: String(number) });
      const roll = new Roll(revision(1), at(0));
      const member = {};
      const introduction = { sdk: { name: 'test', version: '1' }, instance: { id: 'a' } };
      roll.join(member, { introduction, connected: at(1) });
      let nowMs = 1;
      let newest = 1;
      let highest = 1;
      const timed: number[] = [];
      for (const step of steps) {
        nowMs += 1;
        if (step === 'commit') {
          newest += 1;
          roll.commit(revision(newest), at(nowMs));
        } else {
          const number = Math.max(1, newest - step);
          highest = Math.max(highest, number);
          timed.push(...roll.receive(member, revision(number), 0, nowMs));
        }
      }
      expect(timed).toHaveLength(highest - 1);
    }),
  );
});
