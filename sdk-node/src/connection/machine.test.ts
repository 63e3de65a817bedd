import { CLOSE } from '@bunting/core';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../transports/transport.ts';
import { step } from './machine.ts';
import { type Event, INITIAL } from './state.ts';
import { TIMING } from './timing.ts';
import { World } from './world.test.fixture.ts';

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
