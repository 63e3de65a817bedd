import { describe, expect, expectTypeOf, it } from 'vitest';
import { Versions } from '../react/versions.ts';
import { createTestFlags, forEachCombination } from './index.ts';

describe('flags of a test', () => {
  it('answer what they are given, of each type, and are live at once', async () => {
    const flags = createTestFlags({ on: true, theme: 'dark', limit: 0, config: { a: [null] }, nothing: null });
    expect(flags.state).toBe('live');
    expect(flags.isEnabled('on')).toBe(true);
    expect(flags.getStringValue('theme', '')).toBe('dark');
    expect(flags.getNumberValue('limit', 5)).toBe(0);
    expect(flags.getObjectValue('config', {})).toEqual({ a: [null] });
    expect(flags.getObjectValue('nothing', {})).toBeNull();
    expect(flags.getBooleanDetails('on', false)).toMatchObject({ variant: 'on', reason: 'STATIC', state: 'live' });
    expect(await flags.ready()).toMatchObject({ state: 'live', error: undefined });
    await new Promise<void>((resolve) => flags.on('ready', () => resolve()));
  });

  it('answer the default for what is not set or of another type, and say so', () => {
    const flags = createTestFlags({ theme: 'dark' });
    expect(flags.getStringDetails('nope', 'x')).toMatchObject({ value: 'x', errorCode: 'FLAG_NOT_FOUND' });
    expect(flags.getBooleanDetails('theme', true)).toMatchObject({ value: true, errorCode: 'TYPE_MISMATCH' });
  });

  it('change when set and go back when reset, and tell so', () => {
    const flags = createTestFlags({ a: true, b: 1 });
    const changes: string[] = [];
    flags.on('change', ({ keys, revision }) => changes.push(`${revision.number} ${[...keys].sort()}`));
    flags.set('a', false);
    flags.set('a', false);
    flags.set('c', 'new');
    flags.set('b', 'another type');
    flags.reset();
    expect([flags.isEnabled('a'), flags.getNumberValue('b', 0), flags.getStringValue('c', 'gone')]).toEqual([
      true,
      1,
      'gone',
    ]);
    expect(changes).toEqual(['2 a', '4 c', '5 b', '6 a,b,c']);
  });

  it('let components render again for the flag that was set, and for no other', () => {
    const flags = createTestFlags({ a: true, b: true });
    const versions = Versions.of(flags);
    let told = 0;
    versions.subscribe(() => {
      told += 1;
    });
    const before = [versions.ofAnswer('a'), versions.ofAnswer('b')];
    flags.set('a', false);
    expect(told).toBe(1);
    expect(versions.ofAnswer('a')).not.toBe(before[0]);
    expect(versions.ofAnswer('b')).toBe(before[1]);
  });

  it('record what was evaluated, tracked and identified, until they are reset', async () => {
    const flags = createTestFlags({ a: true });
    flags.isEnabled('a');
    flags.getStringDetails('nope', 'x');
    flags.track('order', { value: 3 });
    await flags.identify({ targetingKey: 'ann' });
    expect(flags.exposures).toEqual([
      { key: 'a', value: true, variant: 'on' },
      { key: 'nope', value: 'x', variant: undefined },
    ]);
    expect(flags.tracked).toEqual([{ name: 'order', details: { value: 3 } }]);
    expect(flags.identified).toEqual([{ targetingKey: 'ann' }]);
    flags.expectExposed('a');
    flags.expectExposed('a', true);
    expect(() => flags.expectExposed('a', false)).toThrow("The flag 'a' answered true, never false");
    expect(() => flags.expectExposed('b')).toThrow("The flag 'b' was not evaluated; evaluated were: a, nope");
    flags.reset();
    expect([flags.exposures, flags.tracked, flags.identified]).toEqual([[], [], []]);
    expect(() => flags.expectExposed('a')).toThrow('evaluated were: nothing');
  });

  it('refuse what is no JSON value', () => {
    for (const value of [undefined, Number.NaN, () => {}, 1n, Symbol('s')]) {
      expect(() => createTestFlags({ a: value as never })).toThrow(/'a' cannot answer/);
    }
    const config = { limit: 1 };
    const flags = createTestFlags({ config });
    config.limit = 2;
    expect(flags.getObjectValue('config', {})).toEqual({ limit: 1 });
  });
});

describe('every combination', () => {
  it('is run once, with flags of its own, and typed by its values', async () => {
    const seen: string[] = [];
    await forEachCombination({ a: [true, false], theme: ['light', 'dark'] }, (flags, combination) => {
      expectTypeOf(combination.theme).toEqualTypeOf<'light' | 'dark'>();
      seen.push(`${flags.isEnabled('a')} ${flags.getStringValue('theme', '')}`);
      expect(flags.exposures).toHaveLength(2);
    });
    expect(seen).toEqual(['true light', 'true dark', 'false light', 'false dark']);
  });

  it('that fails is named', async () => {
    const failing = forEachCombination({ a: [true, false] }, (flags) => {
      if (!flags.isEnabled('a')) throw new Error('no price');
    });
    await expect(failing).rejects.toThrow('Failed with {"a":false}: no price');
    await expect(forEachCombination({ a: [] }, () => {})).rejects.toThrow("'a' has no values");
  });
});
