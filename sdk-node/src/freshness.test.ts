import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Freshness } from './freshness.ts';

describe('freshness', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function watch(staleAfterMs: number) {
    const turns: string[] = [];
    const on = { stale: () => turns.push('stale'), fresh: () => turns.push('fresh') };
    return { turns, freshness: new Freshness(staleAfterMs, on) };
  }

  it('has no age before the first confirmation', () => {
    const { freshness, turns } = watch(1000);
    vi.advanceTimersByTime(5000);
    expect(freshness.ageMs).toBeUndefined();
    expect(turns).toEqual([]);
  });

  it('turns stale when nothing confirmed it for long enough, and fresh at the next confirmation', () => {
    const { freshness, turns } = watch(1000);
    freshness.confirm(0);
    vi.advanceTimersByTime(900);
    freshness.confirm(0);
    vi.advanceTimersByTime(900);
    expect(turns).toEqual(['fresh']);
    vi.advanceTimersByTime(200);
    expect(freshness.isStale).toBe(true);
    expect(turns).toEqual(['fresh', 'stale']);
    vi.advanceTimersByTime(60_000);
    freshness.confirm(0);
    expect(turns).toEqual(['fresh', 'stale', 'fresh']);
  });

  it('counts the age that the server gave for its own data', () => {
    const { freshness, turns } = watch(1000);
    freshness.confirm(600);
    vi.advanceTimersByTime(300);
    expect(freshness.ageMs).toBe(900);
    vi.advanceTimersByTime(200);
    expect(turns).toEqual(['fresh', 'stale']);
  });

  it('is stale from the start when the server itself has old data', () => {
    const { freshness, turns } = watch(1000);
    freshness.confirm(5000);
    freshness.confirm(6000);
    expect(turns).toEqual(['stale']);
  });

  it('tells how long ago what is leased was looked after: never before a server said so', () => {
    const { freshness } = watch(1000);
    expect(freshness.contactAgeMs()).toBe(Number.POSITIVE_INFINITY);
    freshness.recall(undefined);
    expect(freshness.contactAgeMs()).toBe(Number.POSITIVE_INFINITY);
    freshness.recall(400);
    expect(freshness.contactAgeMs()).toBe(400);
    freshness.confirm(0, 2000);
    vi.advanceTimersByTime(1500);
    expect(freshness.contactAgeMs()).toBe(3500);
    freshness.confirm(700, 0);
    expect(freshness.contactAgeMs()).toBe(700);
  });

  it('survives a limit that is longer than a timer can run', () => {
    const { freshness, turns } = watch(Number.POSITIVE_INFINITY);
    freshness.confirm(0);
    vi.advanceTimersByTime(2 ** 31);
    expect(turns).toEqual(['fresh']);
  });
});
