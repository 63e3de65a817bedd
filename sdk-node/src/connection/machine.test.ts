import { CLOSE } from '@bunting/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { step } from './machine.ts';
import { type Effect, type Event, INITIAL, type State, type StateName } from './state.ts';
import { type Span, TIMING } from './timing.ts';

/** Carries out effects as the shell would, in a world of one imagined server, and watches the promises. */
class World {
  state: State = INITIAL;
  nowMs = 0;
  /** Sockets that exist; the promise is never more than one. */
  sockets = 0;
  timer: Span | undefined;
  hellos: boolean[] = [];
  reports: string[] = [];
  /** Of the last event. */
  effects: readonly Effect[] = [];

  send(event: Event): readonly Effect[] {
    // A socket that is lost exists no more; the shell says so before it tells the machine.
    if (event.type === 'lost' && this.sockets > 0) this.sockets = 0;
    if (event.type === 'timeout') this.timer = undefined;
    const { state, effects } = step(this.state, event, { nowMs: this.nowMs, timing: TIMING });
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
    if (effect.type === 'open') this.sockets++;
    if (effect.type === 'drop' || effect.type === 'finish') this.sockets--;
    if (effect.type === 'hello') this.hellos.push(effect.askSnapshot);
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
    .constantFrom(0, 1000, 1006, ...Object.values(CLOSE))
    .map((closeCode): Event => ({ type: 'lost', closeCode, detail: 'gone' })),
);
const anyLife = fc.array(fc.record({ event: anyEvent, laterMs: fc.nat(20_000) }), { maxLength: 60 });

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
function live(life: readonly { event: Event; laterMs: number }[], check?: (world: World) => void): World {
  const world = new World();
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
  const lost = (closeCode = 1006): Event => ({ type: 'lost', closeCode, detail: 'gone' });

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
});
