import { expect, test } from 'vitest';
import { SharedLabels } from './labels.ts';
import { Tier } from './tier.ts';

class Count {
  count = 0;
  isWarm = false;
  add(count: number): void {
    this.count += count;
    this.isWarm = true;
  }
  freeze(): void {
    this.isWarm = false;
  }
}

const shared = new SharedLabels();
const labels = (variant: string) => shared.of({ variant });

function newTier(maxCells = 100, maxOfFlag = maxCells) {
  const tier = new Tier<number, Count>({
    slotMs: 1_000,
    keepMs: 10_000,
    maxCells,
    maxOfFlag,
    create: () => new Count(),
  });
  const read = (fromMs = 0, toMs = 1e9) =>
    [...tier.between('a', fromMs, toMs)].map(({ atMs, labels, counts }) => [atMs, labels.variant, counts.count]);
  return { tier, read };
}

test('adds up what falls into one slot, by flag and labels', () => {
  const { tier, read } = newTier();
  tier.add(1_000, 'a', labels('on'), 1);
  tier.add(1_999, 'a', labels('on'), 2);
  tier.add(1_500, 'a', labels('off'), 4);
  tier.add(2_000, 'a', labels('on'), 8);
  tier.add(1_000, 'b', labels('on'), 16);
  expect(read()).toEqual([
    [1_000, 'on', 3],
    [1_000, 'off', 4],
    [2_000, 'on', 8],
  ]);
  expect(read(2_000)).toEqual([[2_000, 'on', 8]]);
  expect(read(0, 2_000)).toHaveLength(2);
});

test('keeps what comes late, as long as its slot is kept', () => {
  const { tier, read } = newTier();
  tier.add(20_000, 'a', labels('on'), 1);
  expect(tier.add(11_000, 'a', labels('on'), 2)).toBe(true);
  expect(tier.add(10_999, 'a', labels('on'), 4)).toBe(true);
  expect(read()).toEqual([
    [20_000, 'on', 1],
    [11_000, 'on', 2],
  ]);
  tier.add(21_000, 'a', labels('on'), 8);
  expect(read().map(([atMs]) => atMs)).toEqual([20_000, 21_000]);
});

test('counts on when a clock was set back, and forgets what was counted as of later', () => {
  const { tier, read } = newTier(2);
  tier.add(5_000, 'a', labels('on'), 1);
  tier.add(1_000_000, 'a', labels('on'), 2);
  tier.forgetAfter(6_500);
  expect(read()).toEqual([]);
  tier.add(5_000, 'a', labels('on'), 4);
  expect(tier.add(6_000, 'a', labels('on'), 8)).toBe(true);
  expect(read()).toEqual([
    [5_000, 'on', 4],
    [6_000, 'on', 8],
  ]);
});

test('forgets the oldest slot where there is no room, and says so where that does not help', () => {
  const { tier, read } = newTier(2);
  expect(tier.add(1_000, 'a', labels('on'), 1)).toBe(true);
  expect(tier.add(2_000, 'a', labels('on'), 2)).toBe(true);
  expect(tier.add(3_000, 'a', labels('on'), 4)).toBe(true);
  expect(tier.add(3_000, 'a', labels('off'), 8)).toBe(true);
  expect(read().map(([atMs]) => atMs)).toEqual([3_000, 3_000]);
  expect(tier.add(3_000, 'a', labels('other'), 16)).toBe(false);
  expect(tier.add(2_000, 'a', labels('on'), 32)).toBe(false);
  // What has a place goes on being counted.
  expect(tier.add(3_000, 'a', labels('on'), 64)).toBe(true);
  expect(read()).toContainEqual([3_000, 'on', 68]);
});

test('keeps the 20 000 cells warm that were added to last', () => {
  const { tier } = newTier(100_000);
  const warm = () => [...tier.between('a', 0, 1e9)].filter(({ counts }) => counts.isWarm).length;
  for (let i = 0; i < 22_500; i++) tier.add(1_000, 'a', labels(`${i}`), 1);
  expect(warm()).toBe(20_000);
  tier.add(1_000, 'a', labels('0'), 1);
  expect(warm()).toBe(20_000);
  const [first] = tier.between('a', 0, 1e9);
  expect(first).toMatchObject({ counts: { count: 2, isWarm: true } });
});

test('makes small what was not added to while five slots began', () => {
  const { tier } = newTier();
  tier.add(1_000, 'a', labels('on'), 1);
  const isWarm = () => [...tier.between('a', 1_000, 2_000)].map(({ counts }) => counts.isWarm);
  tier.add(5_000, 'a', labels('on'), 1);
  expect(isWarm()).toEqual([true]);
  tier.add(6_000, 'a', labels('on'), 1);
  expect(isWarm()).toEqual([false]);
  tier.add(1_000, 'a', labels('on'), 1);
  expect(isWarm()).toEqual([true]);
  tier.add(11_000, 'a', labels('on'), 1);
  expect(isWarm()).toEqual([]);
});

test('keeps one flag from taking the room of others', () => {
  const { tier, read } = newTier(100, 2);
  expect(tier.add(1_000, 'b', labels('on'), 1)).toBe(true);
  expect(['1', '2', '3'].map((variant) => tier.add(2_000, 'a', labels(variant), 1))).toEqual([true, true, false]);
  expect(tier.add(3_000, 'a', labels('3'), 1)).toBe(true);
  expect(read()).toHaveLength(3);
  expect([...tier.between('b', 0, 1e9)]).toHaveLength(1);
});
