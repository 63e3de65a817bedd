import type { Json } from '@bunting/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { changes, flagOf } from '../test/documents.ts';
import { startLive } from '../test/live-client.ts';
import { createTestFlags } from '../testing/test-flags.ts';
import { Beside } from './beside.ts';
import { Complaints } from './complaints.ts';
import { Deadlines } from './deadlines.ts';
import { createMigration } from './migration.ts';
import { MigrationError } from './migration-error.ts';
import { PathWindow } from './path-window.ts';
import type { MigrationStage, SafeStage } from './stages.ts';

const STAGES: readonly MigrationStage[] = ['off', 'dualWrite', 'shadow', 'live', 'rampDown', 'complete'];

/** Two stores that note what they are asked, in order. */
function stores() {
  const log: string[] = [];
  const store = (name: string) => (id: number) => {
    log.push(`${name} ${id}`);
    return Promise.resolve(id * 10);
  };
  return {
    log,
    options: {
      read: { old: store('read old'), new: store('read new') },
      write: { old: store('write old'), new: store('write new') },
    },
  };
}

/** Lets what runs beside come to its end. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('a migration', () => {
  it.each<[MigrationStage, string[], string[]]>([
    ['off', ['read old'], ['write old']],
    ['dualWrite', ['read old'], ['write old', 'write new']],
    ['shadow', ['read old', 'read new'], ['write old', 'write new']],
    ['live', ['read new', 'read old'], ['write new', 'write old']],
    ['rampDown', ['read new'], ['write new', 'write old']],
    ['complete', ['read new'], ['write new']],
  ])('in stage %s reads by %j and writes by %j', async (stage, reads, writes) => {
    const { log, options } = stores();
    const orders = createTestFlags({ orders: stage }).migrate('orders', { targetingKey: 'ann' }, options);
    expect(orders.stage).toBe(stage);
    expect(await orders.read(1)).toBe(10);
    await settle();
    expect(log.splice(0)).toEqual(reads.map((name) => `${name} 1`));
    const authoritative = writes[0] === 'write old' ? 'old' : 'new';
    expect(await orders.write(2)).toEqual({
      value: 20,
      authoritative,
      other: writes.length === 2 ? 'written' : 'none',
    });
    expect(log).toEqual(writes.map((name) => `${name} 2`));
  });

  it('asks for the stage anew each time, so it may be kept', async () => {
    const { log, options } = stores();
    const flags = createTestFlags({ orders: 'off' });
    const { read, write } = flags.withContext({ targetingKey: 'ann' }).migrate('orders', options);
    await read(1);
    flags.set('orders', 'complete');
    await read(2);
    await write(3);
    expect(log).toEqual(['read old 1', 'read new 2', 'write new 3']);
  });

  it('has the types of its sides', async () => {
    const flags = createTestFlags({ orders: 'off' });
    const orders = flags.migrate('orders', {
      read: { old: (id: string) => id.length, new: async (id: string) => id.length },
      write: { old: (_id: string, _total: number) => true, new: async () => false },
    });
    expectTypeOf(orders.read).parameters.toEqualTypeOf<[id: string]>();
    expectTypeOf(await orders.read('a')).toEqualTypeOf<number>();
    expectTypeOf((await orders.write('a', 1)).value).toEqualTypeOf<boolean>();
  });

  it('measures each side, and compares what was read', async () => {
    const { options } = stores();
    const flags = createTestFlags({ orders: 'shadow' });
    const orders = flags.migrate('orders', {
      ...options,
      read: { ...options.read, new: async (id) => (id === 3 ? -1 : id * 10) },
    });
    for (const id of [1, 2, 3]) await orders.read(id);
    await settle();
    await orders.write(1);
    expect(flags.measured('orders')).toMatchObject({
      paths: [
        { path: 'read.old', variant: 'set', count: 3, errors: 0 },
        { path: 'read.new', count: 3 },
        { path: 'write.old', count: 1 },
        { path: 'write.new', count: 1 },
      ],
      compared: 3,
      mismatched: 1,
      skipped: 0,
    });
  });

  it('compares old with new in either order, by the given function', async () => {
    const flags = createTestFlags({ orders: 'shadow' });
    const pairs: unknown[] = [];
    const orders = flags.migrate('orders', {
      read: { old: () => ({ total: '7' }), new: () => ({ total: 7 }) as unknown as { total: string } },
      write: { old: () => {}, new: () => {} },
      compare: (one, other) => {
        pairs.push([one, other]);
        return Number(one.total) === Number(other.total);
      },
    });
    await orders.read();
    await settle();
    flags.set('orders', 'live');
    await orders.read();
    await settle();
    expect(pairs).toEqual(Array(2).fill([{ total: '7' }, { total: 7 }]));
    expect(flags.measured('orders')).toMatchObject({ compared: 2, mismatched: 0 });
  });

  it('takes a compare that throws or is async for a mismatch, and says so once', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const flags = createTestFlags({ orders: 'shadow' });
    const { options } = stores();
    const failing = () => {
      throw new Error('no total');
    };
    const async = (() => Promise.reject(new Error('async'))) as never;
    for (const compare of [failing, failing, async]) await flags.migrate('orders', { ...options, compare }).read(1);
    await settle();
    expect(flags.measured('orders')).toMatchObject({ compared: 3, mismatched: 3 });
    expect(said.mock.calls.flat()).toEqual([expect.stringContaining("compare of the flag 'orders' failed")]);
    said.mockRestore();
  });

  it('does not begin the other write when the one that decides fails', async () => {
    const { log, options } = stores();
    const cause = new Error('disk full');
    const flags = createTestFlags({ orders: 'live' });
    const orders = flags.migrate('orders', {
      ...options,
      write: { ...options.write, new: () => Promise.reject(cause) },
    });
    await expect(orders.write(1)).rejects.toBe(cause);
    expect(log).toEqual([]);
    expect(flags.measured('orders').paths).toEqual([
      { path: 'write.new', variant: 'set', count: 1, errors: 1, timeouts: 0 },
    ]);
  });

  it('tells of the other write that it failed, and why, or is late', async () => {
    const { options } = stores();
    const cause = new Error('down');
    const flags = createTestFlags({ orders: 'dualWrite' });
    const failing = { ...options, write: { ...options.write, new: () => Promise.reject(cause) } };
    expect(await flags.migrate('orders', failing).write(1)).toEqual({
      value: 10,
      authoritative: 'old',
      other: 'failed',
      error: cause,
    });
    const hanging = {
      ...options,
      write: { ...options.write, new: () => new Promise<number>(() => {}) },
      deadlineMs: 5,
    };
    expect(await flags.migrate('orders', hanging).write(1)).toEqual({ value: 10, authoritative: 'old', other: 'late' });
    expect(flags.measured('orders').paths).toMatchObject([
      { path: 'write.old', count: 2 },
      { path: 'write.new', count: 2, errors: 1, timeouts: 1 },
    ]);
  });

  it('has no more than 100 reads under way beside the answers', async () => {
    const { options } = stores();
    const flags = createTestFlags({ orders: 'shadow' });
    let begun = 0;
    const hanging = () => {
      begun++;
      return new Promise<number>(() => {});
    };
    const orders = flags.migrate('orders', { ...options, read: { ...options.read, new: hanging }, deadlineMs: 5 });
    await Promise.all(Array.from({ length: 150 }, (_, i) => orders.read(i)));
    await settle();
    expect(begun).toBe(100);
    await expect
      .poll(() => flags.measured('orders').paths)
      .toMatchObject([{ count: 150 }, { count: 100, timeouts: 100 }]);
    // Late ones have nothing to compare, and the others had no place.
    expect(flags.measured('orders').skipped).toBe(150);
    // They never end, so they keep their places.
    await orders.read(1);
    await settle();
    expect(begun).toBe(100);
  });
});

describe('what runs beside', () => {
  it('gives its place back when it ends, also when it is late', async () => {
    const { options } = stores();
    const flags = createTestFlags({ orders: 'shadow' });
    let ended = 0;
    const slow = async (id: number) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      ended++;
      return id * 10;
    };
    for (const [round, deadlineMs] of [1, 5000].entries()) {
      const orders = flags.migrate('orders', { ...options, read: { ...options.read, new: slow }, deadlineMs });
      await Promise.all(Array.from({ length: 100 }, (_, i) => orders.read(i)));
      await expect.poll(() => ended).toBe(100 * (round + 1));
    }
    await expect.poll(() => flags.measured('orders')).toMatchObject({ compared: 100, mismatched: 0, skipped: 100 });
    expect(flags.measured('orders').paths).toMatchObject([{ count: 200 }, { count: 200, timeouts: 100 }]);
  });
});

describe('the stage of a migration', () => {
  it('that no server confirms lately blocks writes, and says the fix; reads go by it', async () => {
    const { log, options } = stores();
    const { flags, peer, server } = await startLive({ staleAfterMs: 200 });
    const stages = Object.fromEntries([...STAGES].reverse().map((stage) => [stage, stage]));
    peer.send(changes(1, 2, [{ ...flagOf('orders', 'string', stages), defaultRule: { variant: 'live' } }]));
    await expect.poll(() => flags.revision?.number).toBe(2);
    const orders = flags.migrate('orders', options);
    expect(await orders.write(1)).toMatchObject({ authoritative: 'new', other: 'written' });
    await server.kill();
    await expect.poll(() => flags.state).toBe('stale');
    log.length = 0;
    const blocked = orders.write(2);
    await expect(blocked).rejects.toBeInstanceOf(MigrationError);
    await expect(blocked).rejects.toMatchObject({
      code: 'stage_unconfirmed',
      message: expect.stringMatching(/not confirmed the stage 'live' within a minute.*Try again when/),
    });
    expect(log).toEqual([]);
    expect(await flags.migrate('orders', { ...options, whenUnconfirmed: 'shadow' }).write(3)).toMatchObject({
      authoritative: 'old',
    });
    expect(log).toEqual(['write old 3', 'write new 3']);
    await orders.read(4);
    expect(log[2]).toBe('read new 4');
  });

  it.each<[string, Json | undefined, RegExp]>([
    ['is unknown', undefined, /no such flag/],
    ['is of another type', true, /not of type string/],
    ['is no stage', 'sometimes', /'sometimes' is no stage/],
  ])('that %s reads by the old store, and blocks writes or goes by the safe stage', async (_, value, message) => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { log, options } = stores();
    const flags = createTestFlags(value === undefined ? {} : { orders: value });
    const orders = flags.migrate('orders', options);
    expect(orders.stage).toBeUndefined();
    expect(await orders.read(1)).toBe(10);
    await expect(orders.write(2)).rejects.toThrow(message);
    expect(log.splice(0)).toEqual(['read old 1']);
    const safe = flags.migrate('orders', { ...options, whenUnconfirmed: 'live' });
    await safe.write(3);
    expect(log).toEqual(['write new 3', 'write old 3']);
    expect(said).toHaveBeenCalledTimes(value === 'sometimes' ? 1 : 0);
    said.mockRestore();
  });

  it('is not confirmed by data that is older than a minute, however long a client may call that live', async () => {
    const { options } = stores();
    const { flags, peer } = await startLive({ staleAfterMs: 3_600_000 });
    const stages = [flagOf('orders', 'string', { live: 'live', off: 'off' })];
    for (const [number, dataAgeMs] of [59_000, 61_000].entries()) {
      peer.send({ ...changes(number + 1, number + 2, stages), dataAgeMs });
      await expect.poll(() => flags.revision?.number).toBe(number + 2);
      expect(flags.state).toBe('live');
      const written = flags.migrate('orders', options).write(1);
      if (dataAgeMs < 60_000) expect(await written).toMatchObject({ other: 'written' });
      else await expect(written).rejects.toMatchObject({ code: 'stage_unconfirmed' });
    }
  });

  it('takes no stage that writes one side alone for a safe one', async () => {
    const { log, options } = stores();
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const orders = createTestFlags().migrate('orders', { ...options, whenUnconfirmed: 'complete' as SafeStage });
    await expect(orders.write(1)).rejects.toMatchObject({ code: 'stage_unconfirmed' });
    expect(log).toEqual([]);
    expect(said.mock.calls.flat()).toEqual([expect.stringContaining('(dualWrite, shadow, live, rampDown); it blocks')]);
    said.mockRestore();
  });
});

describe('whatever the stage, failures and delays', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const DEADLINE_MS = 100;
  const side = fc.record({
    delayMs: fc.oneof(
      fc.integer({ min: 1, max: 99 }),
      fc.integer({ min: 101, max: 400 }),
      fc.constant(Number.POSITIVE_INFINITY),
    ),
    fails: fc.boolean(),
    isSync: fc.boolean(),
  });
  type SideOf = { delayMs: number; fails: boolean; isSync: boolean };
  const world = fc.record({
    stage: fc.constantFrom<MigrationStage | undefined>(...STAGES, undefined),
    isConfirmed: fc.boolean(),
    whenUnconfirmed: fc.constantFrom<'block' | SafeStage | undefined>(
      undefined,
      'block',
      'dualWrite',
      'shadow',
      'live',
      'rampDown',
    ),
    old: side,
    new: side,
  });

  const READS_NEW = new Set<MigrationStage>(['live', 'rampDown', 'complete']);

  it('the deciding store alone makes the answer and its time; nothing is written by a stage nobody confirms', async () => {
    await fc.assert(
      fc.asyncProperty(
        world,
        fc.constantFrom('read', 'write'),
        async ({ stage, isConfirmed, whenUnconfirmed, ...sides }, method) => {
          const begun: string[] = [];
          const call = (name: 'old' | 'new') => () => {
            begun.push(name);
            const { delayMs, fails, isSync } = sides[name];
            if (isSync && fails) throw name;
            if (isSync) return name;
            return new Promise<string>((resolve, reject) => {
              if (delayMs < Number.POSITIVE_INFINITY) setTimeout(() => (fails ? reject(name) : resolve(name)), delayMs);
            });
          };
          const sink = new PathWindow();
          const complaints = new Complaints({});
          const deadlines = new Deadlines();
          const evaluation = undefined;
          const choice = {
            key: 'orders',
            value: stage ?? '',
            isServed: stage !== undefined,
            evaluation,
            context: {},
            answers: undefined,
          };
          const client = {
            sink,
            complaints,
            beside: new Beside(sink, deadlines, complaints),
            deadlines,
            choose: () => choice,
            isConfirmed: () => isConfirmed,
          };
          const both = { old: call('old'), new: call('new') };
          const migration = createMigration(client, {
            read: both,
            write: both,
            whenUnconfirmed,
            deadlineMs: DEADLINE_MS,
          });

          const startedMs = Date.now();
          let ended: { value?: unknown; cause?: unknown; tookMs: number } | undefined;
          void (migration[method as 'read' | 'write']() as Promise<unknown>).then(
            (value) => (ended = { value, tookMs: Date.now() - startedMs }),
            (cause) => (ended = { cause, tookMs: Date.now() - startedMs }),
          );
          await vi.advanceTimersByTimeAsync(1000);

          const safe = whenUnconfirmed === 'block' ? undefined : whenUnconfirmed;
          const goesBy =
            method === 'read' ? (stage ?? safe ?? 'off') : isConfirmed && stage !== undefined ? stage : safe;
          if (goesBy === undefined) {
            expect(ended?.cause).toBeInstanceOf(MigrationError);
            expect(begun).toEqual([]);
            return;
          }
          const first = READS_NEW.has(goesBy) ? 'new' : 'old';
          const second = first === 'new' ? 'old' : 'new';
          const isDouble =
            method === 'read' ? ['shadow', 'live'].includes(goesBy) : !['off', 'complete'].includes(goesBy);
          const firstMs = timeOf(sides[first]);
          expect(begun[0]).toBe(first);
          if (firstMs === Number.POSITIVE_INFINITY) {
            expect(ended).toBeUndefined();
          } else if (sides[first].fails) {
            expect(ended).toEqual({ cause: first, tookMs: firstMs });
          } else if (method === 'read') {
            expect(ended).toEqual({ value: first, tookMs: firstMs });
          } else {
            const otherMs = isDouble ? Math.min(timeOf(sides[second]), DEADLINE_MS) : 0;
            expect(ended).toMatchObject({ value: { value: first, authoritative: first }, tookMs: firstMs + otherMs });
          }
          const isBegun = method === 'read' || (firstMs < Number.POSITIVE_INFINITY && !sides[first].fails);
          expect(begun.slice(1)).toEqual(isDouble && isBegun ? [second] : []);
        },
      ),
      { numRuns: 400 },
    );
  });

  function timeOf({ delayMs, isSync }: SideOf): number {
    return isSync ? 0 : delayMs;
  }
});
