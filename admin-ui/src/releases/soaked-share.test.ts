import { describe, expect, test } from 'vitest';
import { type Soaking, soakedShare } from './soaked-share.ts';

const startMs = Date.parse('2026-01-01T00:00:00Z');
const at = (seconds: number) => new Date(startMs + seconds * 1_000).toISOString();
const pause = (seconds: number) => ({ cause: 'person' as const, by: 'Ada', reason: 'lunch', since: at(seconds) });

const release: Soaking = {
  stages: [
    { flagsPer100k: 5_000, soakSeconds: 100 },
    { flagsPer100k: 100_000, soakSeconds: 0 },
  ],
  ...{ phase: 'progressing', stage: 0, bakeSeconds: 1_000, enteredAt: at(0), pauses: [] },
};

describe('how much of a soak has passed', () => {
  test('it grows with time, to the whole and no further', () => {
    expect(soakedShare(release, startMs + 25_000)).toBe(0.25);
    expect(soakedShare(release, startMs + 250_000)).toBe(1);
  });

  test('it stands still from the first pause on', () => {
    const paused = { ...release, pauses: [pause(40), pause(10)] };
    expect(soakedShare(paused, startMs + 90_000)).toBe(0.1);
  });

  test('while baking it is that of the bake', () => {
    expect(soakedShare({ ...release, phase: 'baking' }, startMs + 100_000)).toBe(0.1);
  });

  test('before the exposure was seen, and on the way back, there is none', () => {
    expect(soakedShare({ ...release, enteredAt: null }, startMs)).toBeUndefined();
    expect(soakedShare({ ...release, phase: 'aborting' }, startMs)).toBeUndefined();
  });
});
