import { describe, expect, it, vi } from 'vitest';
import { flagOf, rolloutFlag } from '../test/documents.ts';
import { createTestFlags } from '../testing/test-flags.ts';

const ann = { targetingKey: 'ann' };

/** Lets what runs beside come to its end. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('shadow', () => {
  it.each([
    ['off', 'current', ['current']],
    ['shadow', 'current', ['current', 'candidate']],
    ['on', 'candidate', ['candidate']],
    [false, 'current', ['current']],
    [true, 'candidate', ['candidate']],
  ])('by a flag that is %s answers by %s and calls %j', async (value, answer, called) => {
    const calls: string[] = [];
    const side = (name: string) => () => {
      calls.push(name);
      return name;
    };
    const flags = createTestFlags({ search: value });
    expect(flags.shadow('search', ann, { current: side('current'), candidate: side('candidate') })).toBe(answer);
    expect(calls).toEqual([answer]);
    await settle();
    expect(calls).toEqual(called);
    expect(flags.measured('search').paths.map(({ path, count }) => [path, count])).toEqual(
      called.map((path) => [path, 1]),
    );
    expect(flags.measured('search').compared).toBe(called.length - 1);
    expect(flags.exposures).toMatchObject([{ key: 'search', value }]);
  });

  it('takes a flag for what it is, also where only a hook says for whom', () => {
    const flags = createTestFlags({ search: rolloutFlag('search', 100_000) });
    flags.addHook({ before: () => ann });
    expect(flags.shadow('search', { current: () => 'current', candidate: () => 'candidate' })).toBe('candidate');
  });

  it('answers by the current one where there is no flag, or its value means nothing, which is said once', () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const flags = createTestFlags({ odd: 'maybe', number: 1 });
    const sides = { current: () => 'current', candidate: () => 'candidate' };
    expect(['nope', 'odd', 'odd', 'number'].map((key) => flags.shadow(key, sides))).toEqual(Array(4).fill('current'));
    expect(said.mock.calls.flat()).toEqual([expect.stringContaining("the flag 'odd' serves 'maybe'")]);
    said.mockRestore();
  });

  it('keeps a candidate that fails, throws or hangs from whoever is answered', async () => {
    const flags = createTestFlags({ search: 'shadow' });
    const candidates: (() => number | Promise<number>)[] = [
      () => {
        throw new Error('sync');
      },
      () => Promise.reject(new Error('async')),
      () => new Promise<number>(() => {}),
    ];
    for (const candidate of candidates) {
      const answer = flags.shadow<number | Promise<number>>('search', ann, {
        current: () => 1,
        candidate,
        deadlineMs: 5,
      });
      expect(answer).toBe(1);
    }
    await expect
      .poll(() => flags.measured('search'))
      .toMatchObject({
        paths: [
          { path: 'current', count: 3, errors: 0 },
          { path: 'candidate', count: 3, errors: 2, timeouts: 1 },
        ],
        compared: 0,
        skipped: 3,
      });
  });

  it('hands on the very promise of the current one, and compares when both are there', async () => {
    const flags = createTestFlags({ search: 'shadow' });
    const promise = Promise.resolve([1, 2]);
    const answer = flags.withContext(ann).shadow('search', { current: () => promise, candidate: async () => [1, 2] });
    expect(answer).toBe(promise);
    await settle();
    const differing = flags.shadow('search', { current: async () => [1, 2], candidate: async () => [2, 1] });
    expect(await differing).toEqual([1, 2]);
    await settle();
    expect(flags.measured('search')).toMatchObject({ compared: 2, mismatched: 1 });
  });

  it('has what the current one throws pass through, and compares nothing then', async () => {
    const flags = createTestFlags({ search: 'shadow' });
    const cause = new Error('broken');
    const throwing = (): number => {
      throw cause;
    };
    expect(() => flags.shadow('search', { current: throwing, candidate: () => 1 })).toThrow(cause);
    const rejecting = flags.shadow('search', { current: () => Promise.reject(cause), candidate: async () => 1 });
    await expect(rejecting).rejects.toBe(cause);
    await settle();
    expect(flags.measured('search')).toMatchObject({
      paths: [
        { path: 'current', count: 2, errors: 2 },
        { path: 'candidate', count: 1, errors: 0 },
      ],
      compared: 0,
      skipped: 1,
    });
  });

  it('does not begin a query by asking for its end', async () => {
    const flags = createTestFlags({ search: 'shadow' });
    // biome-ignore lint/suspicious/noThenProperty: this is what queries of some libraries look like
    const query = { then: vi.fn() };
    expect(flags.shadow<unknown>('search', { current: () => query, candidate: () => 1 })).toBe(query);
    await settle();
    expect(query.then).not.toHaveBeenCalled();
    expect(flags.measured('search')).toMatchObject({ compared: 0, skipped: 1 });
  });

  it('takes its sample from the split of the flag', async () => {
    const ranges = [{ variant: 'shadow', from: 0, to: 10_000 }];
    const flags = createTestFlags({
      search: { ...flagOf('search', 'string', { shadow: 'shadow', off: 'off' }), defaultRule: { split: { ranges } } },
    });
    for (let i = 0; i < 1000; i++) {
      flags.shadow('search', { targetingKey: `user-${i}` }, { current: () => i, candidate: () => i });
      if (i % 50 === 0) await settle();
    }
    await settle();
    const sampled = flags.measured('search').compared;
    expect(sampled).toBeGreaterThan(60);
    expect(sampled).toBeLessThan(140);
  });
});
