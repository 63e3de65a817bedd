import { CLOSE } from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { INITIAL, type LinkEvent, type LinkState, step } from './link-machine.ts';
import { LINK_TIMING as timing } from './link-timing.ts';

const anyEvent: fc.Arbitrary<LinkEvent> = fc.oneof(
  ...(['timeout', 'opened', 'synced', 'heard'] as const).map((type) => fc.constant({ type })),
  fc.constant({ type: 'unusable', detail: 'x' } as const),
  fc.nat(1_000_000).map((retryAfterMs) => ({ type: 'goodbye', retryAfterMs }) as const),
  fc
    .constantFrom(0, 1006, 1012, CLOSE.keyRefused, CLOSE.badMessage)
    .map((closeCode) => ({ type: 'lost', closeCode, detail: 'x' }) as const),
);

/** Lets events happen one after the other, each after some milliseconds. */
function live(events: readonly LinkEvent[], gapMs = 1): { state: LinkState; waits: number[] } {
  let state = INITIAL;
  let nowMs = 0;
  const waits: number[] = [];
  for (const event of events) {
    nowMs += gapMs;
    const next = step(state, event, { nowMs, timing });
    state = next.state;
    for (const effect of next.effects) {
      if (effect.type === 'setTimer' && state.name === 'waiting') waits.push(effect.span.maxMs);
    }
  }
  return { state, waits };
}

test('whatever happens, there is one socket at most and a timer always runs, until it is stopped', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      let state = INITIAL;
      let hasSocket = false;
      let hasTimer = true;
      let nowMs = 0;
      for (const event of [...events, { type: 'stop' } as const, ...events]) {
        nowMs += 100;
        if (event.type === 'timeout') hasTimer = false;
        // What a socket says is heard only while there is one.
        if (event.type === 'lost') hasSocket = false;
        const { state: next, effects } = step(state, event, { nowMs, timing });
        for (const effect of effects) {
          if (effect.type === 'open') {
            expect(hasSocket).toBe(false);
            hasSocket = true;
          } else if (effect.type === 'drop' || effect.type === 'finish') hasSocket = false;
          else if (effect.type === 'setTimer') hasTimer = true;
          else if (effect.type === 'clearTimer') hasTimer = false;
        }
        state = next;
        if (state.name === 'waiting' || state.name === 'closed') expect(hasSocket).toBe(false);
        // A timer that ran out in a state that waits for it has been set anew.
        if (state.name !== 'closed') expect(hasTimer).toBe(true);
        else expect(hasTimer).toBe(false);
      }
      expect(state.name).toBe('closed');
    }),
  );
});

test('waits twice as long after each failure, up to a bound, and anew after it was live for a while', () => {
  const failing: LinkEvent[] = Array.from({ length: 12 }, () => [
    { type: 'timeout' } as const,
    { type: 'lost', closeCode: 1006, detail: 'x' } as const,
  ]).flat();
  const { waits } = live(failing);
  expect(waits.slice(0, 4)).toEqual([100, 200, 400, 800]);
  expect(waits.at(-1)).toBe(timing.backoffMaxMs);
  const steady: LinkEvent[] = [
    { type: 'timeout' },
    { type: 'opened' },
    { type: 'synced' },
    { type: 'heard' },
    { type: 'lost', closeCode: 1006, detail: 'x' },
  ];
  expect(live([...failing, ...steady], timing.steadyMs).waits.at(-1)).toBe(100);
});

test('asks for a snapshot after something unusable, until it has one', () => {
  const greet = (events: LinkEvent[]) => step(live(events).state, { type: 'opened' }, { nowMs: 0, timing }).effects[0];
  const unusable: LinkEvent[] = [
    { type: 'timeout' },
    { type: 'opened' },
    { type: 'unusable', detail: 'x' },
    { type: 'timeout' },
  ];
  expect(greet([{ type: 'timeout' }])).toEqual({ type: 'hello', askSnapshot: false });
  expect(greet(unusable)).toEqual({ type: 'hello', askSnapshot: true });
  const mended: LinkEvent[] = [
    { type: 'opened' },
    { type: 'synced' },
    { type: 'goodbye', retryAfterMs: 1 },
    { type: 'timeout' },
  ];
  expect(greet([...unusable, ...mended])).toEqual({ type: 'hello', askSnapshot: false });
});

test('stays away at least as long as it is asked to, and long from whom refuses it', () => {
  const connected: LinkEvent[] = [{ type: 'timeout' }, { type: 'opened' }, { type: 'synced' }];
  const after = (event: LinkEvent) =>
    step(live(connected).state, event, { nowMs: 0, timing }).effects.find(({ type }) => type === 'setTimer');
  expect(after({ type: 'goodbye', retryAfterMs: 4_000 })).toMatchObject({ span: { minMs: 4_000 } });
  expect(after({ type: 'lost', closeCode: CLOSE.keyRefused, detail: 'x' })).toMatchObject({
    span: { minMs: timing.refusedMs },
  });
});
