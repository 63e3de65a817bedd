import { CLOSE } from '@bunting/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../transports/transport.ts';
import { step } from './machine.ts';
import { type Effect, type Event, INITIAL, type State, type StateName } from './state.ts';
import { type Span, TIMING } from './timing.ts';

const TRAITS = { silenceTimeoutMs: 45_000 };

/** Carries out effects as the shell would, in a world of one imagined server, and watches the promises. */
class World {
  readonly transports: readonly (typeof TRAITS)[];
  state: State = INITIAL;
  nowMs = 0;
  random = 0.5;
  /** Sockets that exist; the promise is never more than one. */
  sockets = 0;
  timer: Span | undefined;
  hellos: boolean[] = [];
  reports: string[] = [];
  /** The transports that were opened. */
  opened: number[] = [];
  /** Of the last event. */
  effects: readonly Effect[] = [];

  constructor(transports = 3) {
    this.transports = Array.from({ length: transports }, () => TRAITS);
  }

  send(event: Event): readonly Effect[] {
    // A socket that is lost exists no more; the shell says so before it tells the machine.
    if (event.type === 'lost' && this.sockets > 0) this.sockets = 0;
    if (event.type === 'timeout') this.timer = undefined;
    const { state, effects } = step(this.state, event, {
      nowMs: this.nowMs,
      random: this.random,
      timing: TIMING,
      transports: this.transports,
    });
    this.state = state;
    this.effects = effects;
    for (const effect of effects) this.#carryOut(effect);
    return effects;
  }

  /** Is there a socket that could say something, or a timer that could run out, for this event to happen? */
  possible(event: Event): boolean {
    if (event.type === 'start' || event.type === 'stop') return true;
    if (event.type === 'timeout') return this.timer !== undefined;
    if (event.type === 'opened') return this.state.name === 'opening';
    if (event.type === 'lost') return this.sockets > 0;
    return this.state.name === 'greeting' || this.state.name === 'live';
  }

  #carryOut(effect: Effect): void {
    if (effect.type === 'open') {
      this.sockets++;
      this.hellos.push(effect.askSnapshot);
      this.opened.push(effect.index);
    }
    if (effect.type === 'drop' || effect.type === 'finish') this.sockets--;
    if (effect.type === 'setTimer') this.timer = effect.span;
    if (effect.type === 'clearTimer') this.timer = undefined;
    if (effect.type === 'report') this.reports.push(effect.code);
  }
}

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

describe('the connection machine', () => {
  const connect = (world: World) => {
    if (world.state.name === 'idle') world.send({ type: 'start' });
    if (world.state.name === 'waiting') world.send({ type: 'timeout' });
    world.send({ type: 'opened' });
    return world;
  };
  const lost = (closeCode = 1006, fault: Fault = 'unreachable'): Event => ({
    type: 'lost',
    closeCode,
    fault,
    detail: 'gone',
  });
  /** Has the transport that is being opened fail, and waits for what follows. */
  const fail = (world: World, fault: Fault) => {
    world.send(lost(0, fault));
    world.send({ type: 'timeout' });
  };
  /** Live by the second transport, as the first is denied. */
  const fallBack = () => {
    const world = new World();
    world.send({ type: 'start' });
    fail(world, 'denied');
    world.send({ type: 'opened' });
    world.send({ type: 'synced' });
    return world;
  };

  it('doubles the bound of its wait with each failure in a row, from 250 ms to 30 s', () => {
    const world = new World();
    world.send({ type: 'start' });
    const bounds = Array.from({ length: 10 }, () => {
      world.send(lost());
      const bound = world.timer;
      world.send({ type: 'timeout' });
      return bound;
    });
    expect(bounds.map((span) => span?.maxMs)).toEqual([250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
    expect(bounds.every((span) => span?.minMs === 0)).toBe(true);
  });

  it('starts the backoff anew only after a connection that held', () => {
    const world = connect(new World());
    for (const [heldMs, boundMs] of [
      [0, 250],
      [9_999, 500],
      [0, 1000],
      [10_000, 250],
    ] as const) {
      world.send({ type: 'synced' });
      world.nowMs += heldMs;
      world.send(lost());
      expect(world.timer?.maxMs).toBe(boundMs);
      connect(world);
    }
  });

  it('asks for a snapshot after something unusable, until one came', () => {
    const world = connect(new World());
    world.send({ type: 'unusable', detail: 'not JSON' });
    connect(world);
    world.send(lost());
    connect(world);
    world.send({ type: 'synced' });
    world.send(lost());
    connect(world);
    expect(world.hellos).toEqual([false, true, true, false]);
    expect(world.reports).toEqual(['message_unusable', 'connection_lost', 'connection_lost']);
  });

  it('asks for a snapshot when the server could not understand the hello', () => {
    const world = connect(new World());
    world.send(lost(CLOSE.badMessage));
    expect(connect(world).hellos).toEqual([false, true]);
  });

  it.each([
    [CLOSE.keyRefused, 'key_refused'],
    [CLOSE.protocolUnsupported, 'protocol_unsupported'],
  ])('tries again after 30 to 60 s when closed with %i', (closeCode, code) => {
    const world = connect(new World());
    world.send(lost(closeCode));
    expect(world).toMatchObject({ reports: [code], timer: { minMs: 30_000, maxMs: 60_000 } });
  });

  it('comes back after a goodbye no sooner than asked, and spread out', () => {
    const world = connect(new World());
    world.send({ type: 'synced' });
    world.send({ type: 'goodbye', retryAfterMs: 2000 });
    expect(world).toMatchObject({ reports: [], sockets: 0, timer: { minMs: 2000, maxMs: 3250 } });
  });

  it('leaves a server that sends heartbeats but never a ruleset', () => {
    const world = connect(new World());
    expect(world.send({ type: 'heard' })).toEqual([]);
    world.send({ type: 'timeout' });
    expect(world).toMatchObject({ state: { name: 'waiting' }, sockets: 0, reports: ['connection_lost'] });
  });

  it('gives a live server 45 s more with each sign of life', () => {
    const world = connect(new World());
    world.send({ type: 'synced' });
    expect(world.send({ type: 'heard' })).toEqual([{ type: 'setTimer', span: { minMs: 45_000, maxMs: 45_000 } }]);
  });

  it('takes the next transport at once when one is denied, and after two breaks in a row', () => {
    const denied = new World();
    denied.send({ type: 'start' });
    denied.send(lost(0, 'denied'));
    expect(denied.timer?.maxMs).toBeLessThanOrEqual(100);
    denied.send({ type: 'timeout' });
    expect(denied.opened).toEqual([0, 1]);

    const broken = new World();
    broken.send({ type: 'start' });
    for (let i = 0; i < 4; i++) fail(broken, 'broken');
    expect(broken.opened).toEqual([0, 0, 1, 2, 0]);
  });

  it('leaves a transport that opens but swallows what is said', () => {
    const world = connect(new World());
    world.send({ type: 'timeout' });
    connect(world);
    expect(world.opened).toEqual([0, 1]);
  });

  it('waits longer with each round in which no transport works', () => {
    const world = new World();
    world.send({ type: 'start' });
    const waits: (number | undefined)[] = [];
    for (let i = 0; i < 9; i++) {
      world.send(lost(0, 'denied'));
      waits.push(world.timer?.maxMs);
      world.send({ type: 'timeout' });
    }
    expect(waits).toEqual([100, 100, 250, 100, 100, 500, 100, 100, 1000]);
  });

  it('tries the first transport again after 30 s, then ever less often, and goes back at once and silently', () => {
    const world = fallBack();
    const reports = world.reports.length;
    const waitedMs: number[] = [];
    for (let i = 0; i < 6; i++) {
      const sinceMs = world.nowMs;
      while (world.state.choice.index === 1) {
        world.nowMs += 1_000;
        world.send({ type: 'heard' });
      }
      waitedMs.push(world.nowMs - sinceMs);
      expect(world.effects.map(({ type }) => type)).toEqual(['drop', 'open', 'setTimer']);
      world.send(lost(1006, 'broken'));
      expect(world.timer?.maxMs).toBeLessThanOrEqual(100);
      world.send({ type: 'timeout' });
      world.send({ type: 'opened' });
      world.send({ type: 'synced' });
    }
    expect(waitedMs).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
    expect(world.reports).toHaveLength(reports);
  });

  it('goes back to the fallback that was proven, not to one before it', () => {
    const world = new World();
    world.send({ type: 'start' });
    fail(world, 'denied');
    fail(world, 'denied');
    world.send({ type: 'opened' });
    world.send({ type: 'synced' });
    world.nowMs += 60_000;
    world.send({ type: 'heard' });
    fail(world, 'broken');
    expect(world.opened).toEqual([0, 1, 2, 0, 2]);
  });

  it('stays with the first transport once it works again', () => {
    const world = fallBack();
    world.nowMs += 60_000;
    world.send({ type: 'heard' });
    world.send({ type: 'opened' });
    world.send({ type: 'synced' });
    world.nowMs += 3_600_000;
    world.send({ type: 'heard' });
    expect(world.state).toMatchObject({ name: 'live', choice: { index: 0, retries: 0 } });
    expect(world.opened).toEqual([0, 1, 0]);
  });

  it('gives a slow transport the silence that it needs', () => {
    const around = { nowMs: 0, random: 0, timing: TIMING, transports: [{ silenceTimeoutMs: 90_000 }] };
    const { effects } = step({ ...INITIAL, name: 'live' }, { type: 'heard' }, around);
    expect(effects).toEqual([{ type: 'setTimer', span: { minMs: 90_000, maxMs: 90_000 } }]);
  });
});
