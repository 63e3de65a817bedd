import { type Flag, flagItem } from '@bunting/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hashOf } from '../rulesets/content-hash.ts';
import { Rulesets } from '../rulesets/rulesets.ts';
import { CompiledRulesets } from './compiled-rulesets.ts';
import { TimeSignal } from './time-signal.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const NOW = 1_000_000;
const range = (to: number) => [{ variant: 'on', from: 0, to }];

function flag(key: string, schedule: { atMs: number; linear?: boolean }[], over: Partial<Flag> = {}) {
  const steps = schedule.map((step, i) => ({ ...step, ranges: range((i + 1) * 1000) }));
  return flagItem({
    key,
    type: 'boolean',
    variants: [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ],
    enabled: true,
    offVariant: 'off',
    defaultRule: { split: { ranges: range(0), ...(steps.length > 0 ? { schedule: steps } : {}) } },
    clientVisible: true,
    ...over,
  });
}

function start(items: ReturnType<typeof flag>[]) {
  const rulesets = new Rulesets((error) => {
    throw error;
  });
  const revision = { incarnation: 'i', number: 1, hash: hashOf(items) };
  const environment = { environmentId: 'e', project: 'p', environment: 'production' };
  rulesets.add({ ...environment, revision, committedAtMs: 0, items, recent: [], kills: [] });
  const compiled = new CompiledRulesets(rulesets, Date.now);
  const signal = new TimeSignal({ rulesets, compiled, nowMs: Date.now });
  const ruleset = rulesets.get('e');
  if (ruleset === undefined) throw new Error('no ruleset');
  const put = (...puts: ReturnType<typeof flag>[]) => {
    const { incarnation, number } = ruleset.revision;
    const next = { incarnation, number: number + 1, hash: 'h' };
    const ticks = { committedAtMs: 0, committedTickMs: 0 };
    rulesets.apply({ environmentId: 'e', from: number, revision: next, ...ticks, puts, deletes: [] });
  };
  const watch = (reach: 'all' | 'visible' = 'visible') => {
    const told: number[] = [];
    return { told, stop: signal.watch(ruleset, reach, () => told.push(Date.now() - NOW)) };
  };
  return { watch, put };
}

test('tells at each step of a ramp, and then never again', () => {
  const { told } = start([flag('f', [{ atMs: NOW + 10_000 }, { atMs: NOW + 90_000 }])]).watch();
  vi.advanceTimersByTime(200_000);
  expect(told).toEqual([10_000, 90_000]);
  expect(vi.getTimerCount()).toBe(0);
});

test('tells every five seconds on the way of a linear ramp, and when it has arrived', () => {
  const { told } = start([flag('f', [{ atMs: NOW + 1_000 }, { atMs: NOW + 13_000, linear: true }])]).watch();
  vi.advanceTimersByTime(100_000);
  expect(told).toEqual([1_000, 6_000, 11_000, 13_000]);
});

test('nothing runs where no flag depends on the time, nor where those that do are hidden from the watcher', () => {
  const hidden = flag('hidden', [{ atMs: NOW + 1_000 }], { clientVisible: false });
  const { watch } = start([flag('f', []), hidden]);
  const pages = watch('visible');
  const servers = watch('all');
  vi.advanceTimersByTime(100);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(10_000);
  expect(pages.told).toEqual([]);
  expect(servers.told).toEqual([1_000]);
});

test('nothing runs where nobody watches any more', () => {
  const { told, stop } = start([flag('f', [{ atMs: NOW + 1_000 }])]).watch();
  stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual([]);
});

test('a change is followed, also one whose first step comes at once', () => {
  const { watch, put } = start([flag('f', [])]);
  const { told } = watch();
  vi.advanceTimersByTime(5_000);
  put(flag('f', [{ atMs: NOW + 5_020 }, { atMs: NOW + 9_000 }]));
  vi.advanceTimersByTime(60_000);
  expect(told).toHaveLength(2);
  expect(told[0]).toBeLessThan(5_100);
  expect(told[1]).toBe(9_000);
});
