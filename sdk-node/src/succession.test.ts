import { applySnapshot, type CompiledRuleset } from '@bunting/core';
import { expect, it } from 'vitest';
import type { Advance } from './advance.ts';
import { Succession } from './succession.ts';
import { changes, offFlag, onFlag, snapshot } from './test/documents.ts';

const OPTIONS = { clock: () => 0 };
const newest = applySnapshot(snapshot(5, [offFlag('a'), onFlag('b')]));
const older = snapshot(3, [onFlag('a'), onFlag('b')]);

it('keeps an earlier revision aside, and goes on with it when it has come as far', () => {
  const succession = new Succession();
  expect(succession.take(newest, older, OPTIONS, 0)).toEqual({ ok: true, ruleset: newest, keys: [] });
  expect(succession.isAhead).toBe(true);
  expect(succession.take(newest, changes(3, 4, []), OPTIONS, 10)).toMatchObject({ ruleset: newest });
  const next = succession.take(newest, changes(4, 7, [offFlag('a'), offFlag('b')]), OPTIONS, 20);
  expect(next).toMatchObject({ ok: true, keys: ['b'], ruleset: { revision: { number: 7 } } });
  expect(rulesetOf(next).evaluate('b', {}).value).toBe(false);
  expect(succession.isAhead).toBe(false);
});

it('takes an earlier revision that the origin has confirmed since it came', () => {
  const succession = new Succession();
  succession.take(newest, older, OPTIONS, 0);
  expect(succession.confirm(newest, 0, OPTIONS, 1_000)).toBeUndefined();
  // A relay whose upstream is gone: what it has grows old with the time.
  expect(succession.confirm(newest, 60_000, OPTIONS, 20_000)).toBeUndefined();
  const back = succession.confirm(newest, 50, OPTIONS, 20_000);
  expect(back).toMatchObject({ ok: true, keys: ['a'], ruleset: { revision: { number: 3 } } });
  expect(succession.confirm(newest, 50, OPTIONS, 30_000)).toBeUndefined();
});

it('takes another incarnation, and another content under the same number, at once', () => {
  for (const message of [
    snapshot(2, [onFlag('a')], 'second'),
    { ...snapshot(5, [onFlag('a')]), revision: { incarnation: 'first', number: 5, hash: 'other' } },
  ]) {
    const succession = new Succession();
    expect(succession.take(newest, message, OPTIONS, 0)).toMatchObject({ ruleset: { revision: message.revision } });
    expect(succession.isAhead).toBe(false);
  }
});

it('obeys kills that come with or after an earlier revision', () => {
  const succession = new Succession();
  const kills = [{ flag: 'b', epoch: 1, engaged: true }];
  const first = succession.take(newest, { ...older, kills }, OPTIONS, 0);
  expect(first).toMatchObject({ keys: ['b'], ruleset: { revision: { number: 5 } } });
  expect(rulesetOf(first).evaluate('b', {}).reason).toBe('DISABLED');
  const rearmed = succession.take(rulesetOf(first), { type: 'kill', flag: 'b', epoch: 2, engaged: false }, OPTIONS, 1);
  const next = succession.take(rulesetOf(rearmed), changes(3, 6, [offFlag('a')]), OPTIONS, 2);
  expect(rulesetOf(next).evaluate('b', {}).value).toBe(true);
});

it('refuses changes that do not follow on what is kept aside, and forgets it with the connection', () => {
  const succession = new Succession();
  succession.take(newest, older, OPTIONS, 0);
  expect(succession.take(newest, changes(5, 6, []), OPTIONS, 1)).toMatchObject({ ok: false });
  succession.restart();
  expect(succession.take(newest, changes(5, 6, []), OPTIONS, 2)).toMatchObject({
    ruleset: { revision: { number: 6 } },
  });
});

function rulesetOf(advance: Advance): CompiledRuleset {
  if (!advance.ok || advance.ruleset === undefined) throw new Error('nothing was made of the message');
  return advance.ruleset;
}
