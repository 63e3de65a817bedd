import { CLOSE } from '@bunting/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../transports/transport.ts';
import type { Event, StateName } from './state.ts';
import { World } from './world.test.fixture.ts';

const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  { arbitrary: fc.constantFrom<Event>({ type: 'timeout' }, { type: 'opened' }, { type: 'synced' }), weight: 6 },
  fc.constantFrom<Event>({ type: 'start' }, { type: 'heard' }, { type: 'unusable', detail: 'bad' }),
  fc.double().map((retryAfterMs): Event => ({ type: 'goodbye', retryAfterMs })),
  fc
    .record({
      closeCode: fc.constantFrom(0, 1000, 1006, ...Object.values(CLOSE)),
      fault: fc.constantFrom<Fault>('unreachable', 'denied', 'broken'),
    })
    .map((loss): Event => ({ type: 'lost', detail: 'gone', ...loss })),
);
const anyLife = fc.array(fc.record({ event: anyEvent, laterMs: fc.nat(20_000) }), { maxLength: 60 });

type Life = readonly { readonly event: Event; readonly laterMs: number }[];

/** What a server that is well makes happen next. */
const NEXT = {
  idle: 'start',
  waiting: 'timeout',
  opening: 'opened',
  greeting: 'synced',
  live: 'heard',
  closed: 'stop',
} as const satisfies Record<StateName, string>;

/** A world that has lived through whatever of a life was possible. */
function live(life: Life, check?: (world: World) => void, transports = 3): World {
  const world = new World(transports);
  world.send({ type: 'start' });
  for (const { event, laterMs } of life) {
    world.nowMs += laterMs;
    if (world.possible(event)) world.send(event);
    check?.(world);
  }
  return world;
}

describe('the connection machine, whatever happens', () => {
  it('never has two sockets, and has one exactly while it is opening, greeting or live', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        live(life, (world) => {
          expect(world.sockets).toBe(['opening', 'greeting', 'live'].includes(world.state.name) ? 1 : 0);
        });
      }),
    );
  });

  it('never sticks: a timer is always running', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        live(life, (world) => expect(world.timer).toBeDefined());
      }),
    );
  });

  it('is live again three events after any life, once the server is well', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        const world = live(life);
        for (let events = 0; world.state.name !== 'live'; events++) {
          expect(events).toBeLessThan(3);
          world.send({ type: NEXT[world.state.name] });
        }
        expect(world.sockets).toBe(1);
      }),
    );
  });

  it('waits 0 to 30 s after a failure, 30 to 60 s after a refusal, and at most 7.5 minutes after a goodbye', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        live(life, ({ timer, effects }) => {
          const report = effects.find((effect) => effect.type === 'report')?.code;
          const refused = report === 'key_refused' || report === 'protocol_unsupported';
          const longest = refused ? 60_000 : report !== undefined ? 30_000 : 450_250;
          expect(timer?.minMs).toBeGreaterThanOrEqual(refused ? 30_000 : 0);
          expect(timer?.maxMs).toBeGreaterThanOrEqual(timer?.minMs ?? Number.NaN);
          expect(timer?.maxMs).toBeLessThanOrEqual(longest);
        });
      }),
    );
  });

  it('opens no transport but those it was given, and the first one first', () => {
    fc.assert(
      fc.property(anyLife, fc.integer({ min: 1, max: 3 }), (life, transports) => {
        const { opened } = live(life, undefined, transports);
        expect(opened[0]).toBe(0);
        expect(Math.max(...opened)).toBeLessThan(transports);
      }),
    );
  });

  it('learns nothing about transports from a server that cannot be reached, or that says why it closes', () => {
    const harmless = anyEvent.filter(
      (event) =>
        event.type !== 'timeout' &&
        (event.type !== 'lost' || event.fault === 'unreachable' || ![0, 1006].includes(event.closeCode)),
    );
    fc.assert(
      fc.property(fc.array(harmless, { maxLength: 60 }), (events) => {
        const life = events.flatMap((event) => [event, { type: 'timeout' } as const]);
        const world = new World();
        world.send({ type: 'start' });
        for (const event of life) {
          // Only waits end here by the timer: elsewhere that is a transport's silence.
          if (event.type === 'timeout' ? world.state.name === 'waiting' : world.possible(event)) world.send(event);
        }
        expect(new Set(world.opened)).toEqual(new Set([0]));
      }),
    );
  });

  it('finds the one transport that works, whatever it learnt before, and stays with it while it is proven', () => {
    fc.assert(
      fc.property(anyLife, fc.nat(2), fc.constantFrom<Fault>('denied', 'broken'), (life, working, fault) => {
        const world = live(life);
        for (let events = 0; !(world.state.name === 'live' && world.state.choice.index === working); events++) {
          expect(events).toBeLessThan(40);
          world.nowMs += 1;
          const { name, choice } = world.state;
          if (name === 'opening' && choice.index !== working)
            world.send({ type: 'lost', closeCode: 1006, fault, detail: 'cut' });
          else if (name === 'live' || (name === 'greeting' && choice.index !== working))
            world.send({ type: 'lost', closeCode: 1006, fault, detail: 'cut' });
          else world.send({ type: NEXT[name] });
        }
        world.send({ type: 'lost', closeCode: 1006, fault, detail: 'cut' });
        world.send({ type: 'timeout' });
        expect(world.opened.at(-1)).toBe(working);
      }),
    );
  });

  it('comes back to the first transport within 5 minutes and a quarter of being live by another', () => {
    fc.assert(
      fc.property(anyLife, fc.double({ min: 0, max: 0.999, noNaN: true }), (life, random) => {
        const world = live(life);
        world.random = random;
        while (world.state.name !== 'live') world.send({ type: NEXT[world.state.name] });
        const liveAtMs = world.nowMs;
        while (world.state.choice.index !== 0) {
          expect(world.nowMs - liveAtMs).toBeLessThanOrEqual(375_000);
          world.nowMs += 1_000;
          world.send({ type: 'heard' });
        }
        expect(world.sockets).toBe(1);
      }),
    );
  });

  it('stays closed once stopped, without a socket or a timer', () => {
    fc.assert(
      fc.property(anyLife, anyLife, (before, after) => {
        const world = live(before);
        world.send({ type: 'stop' });
        for (const { event } of after) expect(world.send(event)).toEqual([]);
        expect(world).toMatchObject({ state: { name: 'closed' }, sockets: 0, timer: undefined });
      }),
    );
  });

  it('survives events that cannot happen', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), (events) => {
        const world = new World();
        for (const event of events) expect(() => world.send(event)).not.toThrow();
      }),
    );
  });
});
