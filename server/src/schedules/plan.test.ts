import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Due, decide, firstDue, type Plan } from './plan.ts';
import { nextEdge, WEEKDAYS } from './window.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.parse('2026-03-20T00:00Z');
const once: Plan = { kind: 'once', atMs: START_MS, changes: [] };
const office: Plan = {
  kind: 'repeat',
  window: { weekdays: WEEKDAYS, from: '09:00', to: '17:00', timeZone: 'Europe/Berlin' },
  changes: [],
  endChanges: [],
};

test('what is done once is done late within its tolerance, and missed after it', () => {
  const due: Due = { atMs: START_MS, edge: 'once' };
  expect(decide(once, due, START_MS + HOUR_MS, HOUR_MS)).toEqual({ run: due, missed: [], next: undefined });
  expect(decide(once, due, START_MS + HOUR_MS + 1, HOUR_MS)).toEqual({
    run: undefined,
    missed: [due],
    next: undefined,
  });
});

test('a window begins with its next beginning, also when it is made inside of one', () => {
  const inside = Date.parse('2026-03-20T12:00Z');
  expect(firstDue(office, inside)).toEqual({ atMs: Date.parse('2026-03-21T08:00Z'), edge: 'start' });
});

test('after a pause only the last time of a window is done, the others are told as missed', () => {
  const due = firstDue(office, START_MS) as Due;
  const decision = decide(office, due, Date.parse('2026-03-23T12:00Z'), 0);
  expect(decision.run).toEqual({ atMs: Date.parse('2026-03-23T08:00Z'), edge: 'start' });
  expect(decision.missed.map(({ edge }) => edge)).toEqual(['start', 'end', 'start', 'end', 'start', 'end']);
  expect(decision.next?.edge).toBe('end');
});

test('whenever one looks, however clocks jump, each time is dealt with once and in its order', () => {
  const looks = fc.array(fc.integer({ min: -48, max: 72 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(looks, (jumps) => {
      let due = firstDue(office, START_MS);
      let nowMs = START_MS;
      const seen: Due[] = [];
      for (const hours of jumps) {
        nowMs += hours * HOUR_MS;
        if (due === undefined || due.atMs > nowMs) continue;
        const { run, missed, next }: ReturnType<typeof decide> = decide(office, due, nowMs, 0);
        seen.push(...missed, ...(run === undefined ? [] : [run]));
        due = next;
      }
      let expected = firstDue(office, START_MS);
      for (const one of seen) {
        expect(one).toEqual(expected);
        const edge = office.kind === 'repeat' ? nextEdge(office.window, one.atMs) : undefined;
        expected = edge && { atMs: edge.atMs, edge: edge.kind };
      }
    }),
  );
});
