import { applySnapshot, type CompiledRuleset } from '@bunting/core';
import { describe, expect, it } from 'vitest';
import { advance } from './advance.ts';
import { changes, offFlag, onFlag, snapshot } from './test/documents.ts';

const OPTIONS = { clock: () => 0 };
const start = (): CompiledRuleset => applySnapshot(snapshot(1, [onFlag('a'), onFlag('b'), onFlag('c')]));

describe('advancing a ruleset', () => {
  it('by a snapshot names the flags that differ', () => {
    const next = advance(start(), snapshot(5, [onFlag('a'), offFlag('b'), onFlag('d')]), OPTIONS);
    expect(next).toMatchObject({ ok: true, ruleset: { revision: { number: 5 } } });
    expect(next.ok && [...next.keys].sort()).toEqual(['b', 'c', 'd']);
  });

  it('by the first snapshot names all flags', () => {
    expect(advance(undefined, snapshot(1, [onFlag('a')]), OPTIONS)).toMatchObject({ ok: true, keys: ['a'] });
  });

  it('by a snapshot names a flag whose kill it brings', () => {
    const killed = {
      ...snapshot(1, [onFlag('a'), onFlag('b'), onFlag('c')]),
      kills: [{ flag: 'b', epoch: 1, engaged: true }],
    };
    expect(advance(start(), killed, OPTIONS)).toMatchObject({ ok: true, keys: ['b'] });
  });

  it('by changes names what they put and delete', () => {
    expect(advance(start(), changes(1, 2, [offFlag('a')], ['c']), OPTIONS)).toMatchObject({
      ok: true,
      keys: ['a', 'c'],
    });
  });

  it('by what are no flags names nothing', () => {
    const page = { kind: 'keys', key: 's/included/0', json: '{"key":"s/included/0","keys":[]}' } as const;
    const message = changes(1, 2, []);
    const next = advance(start(), { ...message, items: [page], delete: [{ kind: 'segment', key: 'a' }] }, OPTIONS);
    expect(next).toMatchObject({ ok: true, keys: [] });
    const whole = snapshot(1, [onFlag('a'), onFlag('b'), onFlag('c')]);
    const again = advance(start(), { ...whole, items: [...whole.items, page] }, OPTIONS);
    expect(again).toMatchObject({ ok: true, keys: [] });
  });

  it.each([
    [
      'do not follow on the revision in memory',
      start(),
      changes(3, 4, []),
      'changes from revision first/3 while first/1 is in memory',
    ],
    ['come before any snapshot', undefined, changes(1, 2, []), 'changes before any snapshot'],
  ])('refuses changes that %s', (_, current, message, detail) => {
    expect(advance(current, message, OPTIONS)).toEqual({ ok: false, detail });
  });

  it('by a kill names the flag, once', () => {
    const kill = { type: 'kill', flag: 'a', epoch: 1, engaged: true } as const;
    const killed = advance(start(), kill, OPTIONS);
    if (!killed.ok || killed.ruleset === undefined) throw new Error('not killed');
    expect(killed.keys).toEqual(['a']);
    expect(killed.ruleset.evaluate('a', {}).value).toBe(false);
    expect(advance(killed.ruleset, kill, OPTIONS)).toMatchObject({ ok: true, keys: [] });
  });

  it('leaves a kill before the first snapshot to that snapshot', () => {
    const kill = { type: 'kill', flag: 'a', epoch: 1, engaged: true } as const;
    expect(advance(undefined, kill, OPTIONS)).toEqual({ ok: true, ruleset: undefined, keys: [] });
  });
});
