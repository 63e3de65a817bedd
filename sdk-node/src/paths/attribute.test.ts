import { describe, expect, it } from 'vitest';
import { createTestFlags } from '../testing/index.ts';
import { attribute } from './attribute.ts';
import { PathWindow } from './path-window.ts';

const context = { targetingKey: 'ann' };
const counted = (event: { name?: unknown; value?: unknown; flags: unknown }) => {
  const sink = new PathWindow();
  const { ruleset } = createTestFlags({ a: true, b: 'blue' }) as unknown as { ruleset: never };
  attribute({ name: 'paid', value: undefined, context, ...event }, ruleset, sink);
  return sink.read().paths;
};

describe('an event', () => {
  it('is counted for what the flags that it names serve, once for each', () => {
    expect(counted({ flags: ['a', 'b', 'a'], value: 12.5 })).toMatchObject([
      { flag: 'a', variant: 'on', path: 'event:paid', count: 1, errors: 0, durations: expect.any(String) },
      { flag: 'b', path: 'event:paid', count: 1 },
    ]);
  });

  it('is not counted for flags that are not there, nor for what is no list of keys or no name', () => {
    expect(counted({ flags: ['none', 5, null] })).toEqual([]);
    expect(counted({ flags: 'a' })).toEqual([]);
    expect(counted({ flags: ['a'], name: '' })).toEqual([]);
    expect(counted({ flags: ['a'], name: 'x'.repeat(45) })).toEqual([]);
    expect(counted({ flags: Array.from({ length: 50 }, () => 'none').concat('a') })).toEqual([]);
  });

  it('is no exposure, and nothing that the host passes makes track throw', () => {
    const flags = createTestFlags({ a: true });
    flags.track('paid', context, { flags: ['a'] });
    expect(flags.exposures).toEqual([]);
    const hostile = {
      get flags(): readonly string[] {
        throw new Error('hostile');
      },
    };
    expect(() => flags.track('paid', context, hostile)).not.toThrow();
  });
});
