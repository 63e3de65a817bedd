import type { Flag } from '@bunting/core';
import { describe, expect, it } from 'vitest';
import { rolloutFlag } from '../test/documents.ts';
import { forEachCombination } from './for-each-combination.ts';
import { createTestFlags } from './test-flags.ts';

const half: Flag = rolloutFlag('half', 50_000);

describe('test flags', () => {
  it('serve what they are given, of each type, and are live at once', async () => {
    const flags = createTestFlags({ on: true, off: false, theme: 'dark', limit: 0, config: { a: [null] } });
    expect(flags.isEnabled('on')).toBe(true);
    expect(flags.isEnabled('off', {}, true)).toBe(false);
    expect(flags.getStringValue('theme', '')).toBe('dark');
    expect(flags.getNumberValue('limit', 5)).toBe(0);
    expect(flags.getObjectValue('config', {})).toEqual({ a: [null] });
    expect(flags.getBooleanDetails('off', true)).toMatchObject({ variant: 'off', reason: 'STATIC', state: 'live' });
    expect(await flags.ready()).toMatchObject({ state: 'live', error: undefined });
    await new Promise<void>((resolve) => flags.on('ready', () => resolve()));
    await flags.close();
  });

  it('answer the default for what is not set, and say so', () => {
    const flags = createTestFlags();
    expect(flags.getStringDetails('nope', 'x')).toMatchObject({ value: 'x', errorCode: 'FLAG_NOT_FOUND' });
    expect(flags.withContext({ targetingKey: 'ann' }).isEnabled('nope', {}, true)).toBe(true);
  });

  it('evaluate whole documents as production does', () => {
    const flags = createTestFlags({ half });
    const answers = Array.from({ length: 100 }, (_, i) => flags.isEnabled('half', { targetingKey: `user-${i}` }));
    expect(new Set(answers)).toEqual(new Set([true, false]));
    expect(flags.getBooleanDetails('half', false).errorCode).toBe('TARGETING_KEY_MISSING');
  });

  it('change when set and go back when reset, and tell so', () => {
    const flags = createTestFlags({ a: true, b: 1 });
    const changes: string[] = [];
    flags.on('change', ({ keys, revision }) => changes.push(`${revision.number} ${keys}`));
    flags.on('change', () => changes.push('c!'), { key: 'c' });
    flags.set('a', false);
    expect(flags.isEnabled('a', {}, true)).toBe(false);
    flags.set('c', 'new');
    flags.set('b', 'another type');
    flags.reset();
    flags.reset();
    expect([flags.isEnabled('a'), flags.getNumberValue('b', 0), flags.getStringValue('c', 'gone')]).toEqual([
      true,
      1,
      'gone',
    ]);
    expect(changes).toEqual(['2 a', '3 c', 'c!', '4 b', '5 a,b,c', 'c!']);
  });

  it('record every evaluation until they are reset', () => {
    const flags = createTestFlags({ a: true });
    flags.withContext({ targetingKey: 'ann' }).isEnabled('a', { plan: 'pro' });
    flags.getStringDetails('a', 'x');
    expect(flags.exposures).toEqual([
      { key: 'a', value: true, variant: 'on', context: { targetingKey: 'ann', plan: 'pro' } },
      { key: 'a', value: 'x', variant: undefined, context: undefined },
    ]);
    flags.reset();
    expect(flags.exposures).toEqual([]);
  });

  it('record what is tracked until they are reset', () => {
    const flags = createTestFlags();
    flags.withContext({ targetingKey: 'ann' }).track('checkout', { plan: 'pro' }, { value: 20 });
    expect(flags.tracked).toEqual([
      { name: 'checkout', context: { targetingKey: 'ann', plan: 'pro' }, details: { value: 20 } },
    ]);
    flags.reset();
    expect(flags.tracked).toEqual([]);
  });

  it('assert exposures, and say what was evaluated instead', () => {
    const flags = createTestFlags({ a: true, config: { n: [1] } });
    expect(() => flags.expectExposed('a')).toThrow("'a' to be evaluated, but no flag was evaluated.");
    flags.isEnabled('a');
    flags.isEnabled('a');
    flags.getObjectValue('config', {});
    flags.expectExposed('a');
    flags.expectExposed('a', true);
    flags.expectExposed('config', { n: [1] });
    expect(() => flags.expectExposed('a', false)).toThrow("'a' to be evaluated to false, but it answered true.");
    expect(() => flags.expectExposed('b', 'x')).toThrow(`'b' to be evaluated to "x", but only 'a', 'config' was`);
  });

  it.each<[string, unknown, string]>([
    ['a', undefined, 'cannot be set to undefined'],
    ['a', Number.NaN, 'cannot be set to number NaN'],
    ['a', () => true, 'give a JSON value'],
    ['a', null, 'is null'],
    ['Not a key', true, "The flag 'Not a key' cannot be set: keys are lower-case"],
    ['a', half, "that of 'half'"],
    ['half', { ...half, offVariant: 'none' }, 'offVariant'],
  ])('refuse to set %s to what can be no flag (%#)', (key, value, message) => {
    expect(() => createTestFlags().set(key, value as never)).toThrow(message);
    expect(() => createTestFlags({ [key]: value as never })).toThrow(TypeError);
  });
});

describe('every combination', () => {
  it('is run once, with flags of its own', async () => {
    const seen: string[] = [];
    await forEachCombination({ a: [true, false], b: ['x', 'y', 'z'] }, async (flags, { a, b }) => {
      await Promise.resolve();
      expect(flags.isEnabled('a')).toBe(a);
      seen.push(`${a} ${flags.getStringValue('b', '')} ${b} ${flags.exposures.length}`);
    });
    expect(seen).toHaveLength(6);
    expect(seen).toEqual([...new Set(seen)]);
    expect(seen.at(-1)).toBe('false z z 2');
  });

  it('that fails is named, with its cause', async () => {
    const cause = new Error('total is 0');
    const failing = forEachCombination({ a: [true, false], b: ['x', 'y'] }, (flags) => {
      if (!flags.isEnabled('a') && flags.getStringValue('b', '') === 'y') throw cause;
    });
    await expect(failing).rejects.toThrow('Failed with {"a":false,"b":"y"}: total is 0');
    await expect(failing).rejects.toMatchObject({ cause });
  });

  it('needs at least one value for each flag', async () => {
    await expect(forEachCombination({ a: [true], b: [] }, () => {})).rejects.toThrow("'b' has no values");
  });
});
