import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { rolloutFlag } from '../test/documents.ts';
import { createTestFlags } from '../testing/test-flags.ts';

const ann = { targetingKey: 'ann' };

describe('run', () => {
  it('calls the side that the flag chooses, and that one alone', () => {
    const flags = createTestFlags({ a: true });
    const on = vi.fn(() => 'new');
    const off = vi.fn(() => 'old');
    expect(flags.run('a', ann, { off, on })).toBe('new');
    flags.set('a', false);
    expect(flags.run('a', { off, on })).toBe('old');
    expect([on.mock.calls.length, off.mock.calls.length]).toEqual([1, 1]);
    expectTypeOf(flags.run('a', { off: () => 1, on: () => 2 })).toEqualTypeOf<number>();
  });

  it('calls the off side when there is no such flag, or it is of another type', () => {
    const flags = createTestFlags({ text: 'on' });
    const sides = { off: () => 'old', on: () => 'new' };
    expect([flags.run('nope', ann, sides), flags.run('text', ann, sides)]).toEqual(['old', 'old']);
    expect(flags.measured('nope').paths).toEqual([{ path: 'run', variant: '', count: 1, errors: 0, timeouts: 0 }]);
  });

  it('counts calls and errors of each side, and is an exposure', () => {
    const flags = createTestFlags({ a: true });
    const sides = {
      off: () => 1,
      on: (): number => {
        throw new Error('broken');
      },
    };
    expect(() => flags.run('a', ann, sides)).toThrow('broken');
    flags.set('a', false);
    flags.run('a', ann, sides);
    flags.run('a', ann, sides);
    expect(flags.measured('a').paths).toEqual([
      { path: 'run', variant: 'on', count: 1, errors: 1, timeouts: 0 },
      { path: 'run', variant: 'off', count: 2, errors: 0, timeouts: 0 },
    ]);
    expect(flags.exposures.map(({ value, context }) => [value, context])).toEqual([
      [true, ann],
      [false, ann],
      [false, ann],
    ]);
  });

  it('has what a side throws pass through as it is, and calls the side with its own `this`', () => {
    const flags = createTestFlags({ a: true });
    const thrown = { not: 'an error' };
    const sides = {
      thrown,
      off: () => {},
      on() {
        throw this.thrown;
      },
    };
    let caught: unknown;
    try {
      flags.run('a', ann, sides);
    } catch (cause) {
      caught = cause;
    }
    expect(caught).toBe(thrown);
  });

  it('answers for the context it is bound to, with the call over it', () => {
    const flags = createTestFlags({ half: rolloutFlag('half', 50_000) });
    const sides = { off: () => 'old', on: () => 'new' };
    for (let i = 0; i < 50; i++) {
      const context = { targetingKey: `user-${i}` };
      const expected = flags.isEnabled('half', context) ? 'new' : 'old';
      expect(flags.withContext(context).run('half', sides)).toBe(expected);
      expect(flags.withContext({ targetingKey: 'other' }).run('half', context, sides)).toBe(expected);
    }
  });

  it('asks hooks as any evaluation does', () => {
    const flags = createTestFlags({ half: rolloutFlag('half', 50_000) });
    const seen: string[] = [];
    const remove = flags.addHook({
      before: ({ key, type, defaultValue }) => {
        seen.push(`${key} ${type} ${defaultValue}`);
        return ann;
      },
    });
    const isOn = flags.isEnabled('half', ann);
    expect(flags.run('half', { off: () => false, on: () => true })).toBe(isOn);
    remove();
    expect(seen).toEqual(['half boolean false', 'half boolean false']);
    // Without the hook's targeting key there is no subject.
    expect(flags.run('half', { off: () => 'off', on: () => 'on' })).toBe('off');
  });

  it('never throws for what is no side: it does nothing, which is said once', () => {
    const flags = createTestFlags({ a: true });
    const untyped = flags.run.bind(flags) as (...args: unknown[]) => unknown;
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      expect([
        untyped('a', ann, { off: () => 1 }),
        untyped('a', ann, undefined),
        untyped('a'),
        untyped('a', null),
      ]).toEqual(Array(4).fill(undefined));
      expect(untyped('a', ann, { on: () => 1 })).toBe(1);
      expect(untyped(Symbol('key'), ann, { off: () => 'old', on: () => 'new' })).toBe('old');
      expect(write.mock.calls.flat()).toEqual([expect.stringContaining("run('a') takes { off, on }, two functions")]);
    } finally {
      write.mockRestore();
    }
  });
});

it('run, shadow and migrate never throw, whatever they are given', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const flags = createTestFlags({ a: true, stage: 'live', mode: 'shadow' });
  const untyped = flags as unknown as Record<string, (...args: unknown[]) => unknown>;
  const key = fc.oneof(fc.constantFrom('a', 'stage', 'mode'), fc.anything());
  await fc.assert(
    fc.asyncProperty(key, fc.anything(), fc.anything(), async (key, context, options) => {
      for (const method of ['run', 'shadow'])
        for (const args of [[context], [context, options]]) untyped[method]?.(key, ...args);
      const migration = untyped.migrate?.(key, context, options) as {
        read(): Promise<unknown>;
        write(): Promise<unknown>;
      };
      await Promise.allSettled([migration.read(), migration.write()]);
    }),
  );
  said.mockRestore();
});

it.each([[{ toString: 0 }], Symbol('key'), Object.create(null)])(
  'takes a key that cannot be printed: case %#',
  async (key) => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const flags = createTestFlags({}) as unknown as Record<string, (...args: unknown[]) => unknown>;
    expect(flags.run?.(key, {}, { off: 1 })).toBeUndefined();
    const migration = flags.migrate?.(key, {}, {}) as { write(): Promise<unknown> };
    await expect(migration.write()).rejects.toMatchObject({ code: 'stage_unconfirmed' });
    said.mockRestore();
  },
);

describe('run of what is asynchronous', () => {
  const unhandled: unknown[] = [];
  const note = (cause: unknown) => unhandled.push(cause);
  beforeEach(() => {
    unhandled.length = 0;
    process.on('unhandledRejection', note);
  });
  afterEach(() => void process.off('unhandledRejection', note));

  it('hands on the very promise, and counts it when it is over', async () => {
    const flags = createTestFlags({ a: true });
    let finish = (_: number) => {};
    const promise = new Promise<number>((resolve) => {
      finish = resolve;
    });
    const result = flags.run('a', ann, { off: () => promise, on: () => promise });
    expect(result).toBe(promise);
    expect(flags.measured('a').paths).toEqual([]);
    finish(7);
    expect(await result).toBe(7);
    expect(flags.measured('a').paths).toEqual([{ path: 'run', variant: 'on', count: 1, errors: 0, timeouts: 0 }]);
  });

  it('counts a rejection as an error, and rejects whoever waits, once', async () => {
    const flags = createTestFlags({ a: true });
    const cause = new Error('late');
    const failing = async () => {
      await Promise.resolve();
      throw cause;
    };
    await expect(flags.run('a', ann, { off: failing, on: failing })).rejects.toBe(cause);
    expect(flags.measured('a').paths).toMatchObject([{ count: 1, errors: 1 }]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(unhandled).toEqual([]);
  });

  it('follows other classes of promises, but for those that cannot be followed', async () => {
    const flags = createTestFlags({ a: true });
    class Named extends Promise<number> {}
    const named = Named.reject(new Error('named'));
    await expect(flags.run('a', { off: () => named, on: () => named })).rejects.toThrow('named');
    expect(flags.measured('a').paths).toMatchObject([{ count: 1, errors: 1 }]);
    class Deferred extends Promise<number> {
      constructor() {
        super(() => {});
      }
    }
    const deferred = new Deferred();
    expect(flags.run('a', { off: () => deferred, on: () => deferred })).toBe(deferred);
    expect(flags.measured('a').paths).toMatchObject([{ count: 2, errors: 1 }]);
  });

  it('leaves other thenables alone, as many begin their work when asked for it', async () => {
    const flags = createTestFlags({ a: true });
    class Lazy extends Promise<string> {
      // biome-ignore lint/suspicious/noThenProperty: this is what queries of some libraries look like
      override then = vi.fn() as never;
    }
    // biome-ignore lint/suspicious/noThenProperty: likewise
    const query = { then: vi.fn() };
    const lazy = new Lazy(() => {});
    expect(flags.run('a', ann, { off: () => query, on: () => query })).toBe(query);
    expect(flags.run('a', ann, { off: () => lazy, on: () => lazy })).toBe(lazy);
    expect([query.then, lazy.then].map((then) => (then as unknown as typeof query.then).mock.calls)).toEqual([[], []]);
    expect(flags.measured('a').paths).toMatchObject([{ count: 2, errors: 0 }]);
  });
});
