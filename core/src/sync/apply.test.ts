import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Flag, Kill } from '../model.ts';
import type { CompiledRuleset } from '../ruleset.ts';
import { applyChanges, applyKill, applySnapshot } from './apply.ts';
import { type ChangesMessage, flagItem, type SnapshotMessage } from './messages.ts';

const KEYS = ['a', 'b', 'c', 'd'];

function flag(key: string, share: number): Flag {
  return {
    key,
    type: 'number',
    variants: [
      { name: 'x', value: share },
      { name: 'y', value: -1 },
    ],
    enabled: true,
    offVariant: 'y',
    defaultRule: { split: { ranges: [{ variant: 'x', from: 0, to: share }] } },
  };
}

type State = ReadonlyMap<string, Flag>;

function snapshotOf(state: State, number: number, kills: readonly Kill[] = []): SnapshotMessage {
  return {
    type: 'snapshot',
    revision: { incarnation: 'i', number, hash: `h${number}` },
    committedAtMs: number,
    timeMs: number,
    kills,
    items: [...state.values()].map(flagItem),
  };
}

function changesBetween(before: State, after: State, from: number, number: number): ChangesMessage {
  return {
    ...snapshotOf(after, number),
    type: 'changes',
    from,
    delete: [...before.keys()].filter((key) => !after.has(key)).map((key) => ({ kind: 'flag' as const, key })),
    items: [...after.values()].filter((value) => before.get(value.key) !== value).map(flagItem),
  };
}

/** All that can be seen of a ruleset from outside. */
function observe(ruleset: CompiledRuleset) {
  const users = Array.from({ length: 20 }, (_, i) => ({ targetingKey: `user-${i}` }));
  return {
    revision: ruleset.revision,
    committedAtMs: ruleset.committedAtMs,
    size: ruleset.size,
    keys: [...ruleset.keys()].sort(),
    items: [...ruleset.items()].sort((a, b) => (a.key < b.key ? -1 : 1)),
    kills: [...ruleset.kills].sort((a, b) => (a.flag < b.flag ? -1 : 1)),
    answers: KEYS.map((key) => users.map((user) => ({ ...ruleset.evaluate(key, user) }))),
  };
}

const share = fc.constantFrom(0, 20_000, 50_000, 100_000);
const edit = fc.dictionary(fc.constantFrom(...KEYS), fc.option(share), { maxKeys: 3, noNullPrototype: true });
const kill = fc.record({ flag: fc.constantFrom(...KEYS), epoch: fc.nat(3), engaged: fc.boolean() });

function edited(state: State, edits: Readonly<Record<string, number | null>>): State {
  const next = new Map(state);
  for (const [key, to] of Object.entries(edits)) to === null ? next.delete(key) : next.set(key, flag(key, to));
  return next;
}

describe('applying messages', () => {
  test('any sequence of snapshots, changes and evaluations ends in the ruleset of the final snapshot', () => {
    const step = fc.record({ edit, how: fc.constantFrom('snapshot', 'changes', 'changes'), evaluate: fc.boolean() });
    fc.assert(
      fc.property(edit, fc.array(step, { maxLength: 12 }), (first, steps) => {
        let state = edited(new Map(), first);
        let number = 1;
        let ruleset: CompiledRuleset | undefined = applySnapshot(snapshotOf(state, number));
        const seen = [{ ruleset, state, number }];
        for (const { edit: edits, how, evaluate } of steps) {
          const next = edited(state, edits);
          number += 1;
          ruleset =
            how === 'snapshot'
              ? applySnapshot(snapshotOf(next, number), { previous: ruleset })
              : applyChanges(ruleset, changesBetween(state, next, number - 1, number));
          if (ruleset === undefined) return expect.unreachable('the changes follow on');
          if (evaluate) observe(ruleset);
          state = next;
          seen.push({ ruleset, state, number });
        }
        // Also the rulesets on the way are still what they were.
        for (const step of seen)
          expect(observe(step.ruleset)).toEqual(observe(applySnapshot(snapshotOf(step.state, step.number))));
      }),
      { numRuns: 150 },
    );
  });

  test('kills end alike in whatever order and however often they arrive, with changes and snapshots between', () => {
    fc.assert(
      fc.property(fc.array(kill, { maxLength: 8 }), fc.nat(), fc.nat(2), (kills, shuffle, cut) => {
        const state = edited(new Map(), { a: 50_000, b: 100_000 });
        const after = edited(state, { b: 20_000, c: 100_000 });
        const once = applySnapshot(snapshotOf(after, 2, kills));

        let other: CompiledRuleset | undefined = applySnapshot(snapshotOf(state, 1));
        const shuffled = [...kills, ...kills].sort(
          (x, y) => ((x.epoch * 7 + shuffle) % 5) - ((y.epoch * 7 + shuffle) % 5),
        );
        for (const [i, next] of shuffled.entries()) {
          if (i === cut) other = applyChanges(other, changesBetween(state, after, 1, 2)) ?? other;
          other = applyKill(other, next);
        }
        if (other.revision.number === 1) other = applyChanges(other, changesBetween(state, after, 1, 2)) ?? other;
        other = applySnapshot(snapshotOf(after, 2), { previous: other });
        expect(observe(other)).toEqual(observe(once));
      }),
    );
  });

  test('a kill or re-arm that is already known leaves the very same ruleset', () => {
    const ruleset = applySnapshot(snapshotOf(edited(new Map(), { a: 100_000 }), 1));
    const killed = applyKill(ruleset, { flag: 'a', epoch: 2, engaged: true });
    expect(killed.evaluate('a', {}).reason).toBe('DISABLED');
    expect(applyKill(killed, { flag: 'a', epoch: 2, engaged: true })).toBe(killed);
    expect(applyKill(killed, { flag: 'a', epoch: 2, engaged: false })).toBe(killed);
    expect(applyKill(killed, { flag: 'a', epoch: 1, engaged: false })).toBe(killed);
    const rearmed = applyKill(killed, { flag: 'a', epoch: 3, engaged: false });
    expect(rearmed.evaluate('a', { targetingKey: 'u' }).variant).toBe('x');
    expect(ruleset.evaluate('a', { targetingKey: 'u' }).variant).toBe('x');
    expect(killed.evaluate('a', { targetingKey: 'u' }).variant).toBe('y');
  });

  test('changes that start elsewhere are refused', () => {
    const state = edited(new Map(), { a: 100_000 });
    const ruleset = applySnapshot(snapshotOf(state, 5));
    const changes = changesBetween(state, state, 5, 6);
    expect(applyChanges(ruleset, { ...changes, from: 4 })).toBeUndefined();
    expect(applyChanges(ruleset, { ...changes, from: 6 })).toBeUndefined();
    expect(applyChanges(ruleset, { ...changes, revision: { ...changes.revision, incarnation: 'j' } })).toBeUndefined();
    expect(applyChanges(ruleset, changes)?.revision.number).toBe(6);
  });

  test('another incarnation forgets the kills of the one before', () => {
    const state = edited(new Map(), { a: 100_000 });
    const killed = applySnapshot(snapshotOf(state, 5, [{ flag: 'a', epoch: 9, engaged: true }]));
    const restored = snapshotOf(state, 5);
    const revision = { ...restored.revision, incarnation: 'j' };
    expect(applySnapshot({ ...restored, revision }, { previous: killed }).kills).toEqual([]);
  });

  test('a flag that does not change keeps its outcomes; those of replaced flags are still counted', () => {
    const before = edited(new Map(), { a: 100_000, b: 100_000, c: 100_000 });
    const after = edited(before, { b: 50_000, c: null });
    const ruleset = applySnapshot(snapshotOf(before, 1));
    const user = { targetingKey: 'u' };
    for (const key of ['a', 'b', 'c']) ruleset.evaluate(key, user).exposures += 1;
    const outcome = ruleset.evaluate('a', user);
    for (const next of [
      applySnapshot(snapshotOf(after, 2), { previous: applySnapshot(snapshotOf(after, 2), { previous: ruleset }) }),
      applyChanges(ruleset, changesBetween(before, after, 1, 2)),
    ]) {
      if (next === undefined) return expect.unreachable();
      expect(next.evaluate('a', user)).toBe(outcome);
      const counted: string[] = [];
      next.forEachExposure((key) => counted.push(key));
      expect(counted.sort()).toEqual(['a', 'b', 'c']);
    }
  });
});
