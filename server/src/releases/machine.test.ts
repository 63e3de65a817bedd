import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GateFacts } from '../gates/gate.ts';
import { type Command, obey, WrongMoment } from './command.ts';
import { desiredExposure } from './exposure.ts';
import type { Facts, FlagFacts } from './facts.ts';
import { next } from './machine.ts';
import type { Next } from './next.ts';
import { ACTIVE, BACKWARD, FORWARD, PHASES } from './phase.ts';
import type { Spec } from './spec.ts';
import { FIRST_STATE, type State } from './state.ts';

const MINUTE_MS = 60_000;

const spec: Spec = {
  strategy: 'flag_only',
  flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
  stages: [5_000, 20_000, 50_000, 100_000].map((flagsPer100k) => ({ flagsPer100k, soakSeconds: 60 })),
  bakeSeconds: 120,
  rollbackWindowSeconds: 3_600,
};

/** An environment as the machine sees it: what it sets is what is served. */
class World {
  nowMs = 0;
  state: State = FIRST_STATE;
  flag: FlagFacts = { flag: 'checkout', weightPer100k: 0, isEnabled: true, isKilled: false, isGone: false };
  problems: string[] = [];
  noGrowth: string | undefined;
  unwatchedMs = 0;
  gates: readonly GateFacts[] = [];
  readonly decisions: string[] = [];
  readonly spec: Spec;

  constructor(given: Spec = spec) {
    this.spec = given;
  }

  get facts(): Facts {
    const { nowMs, problems, noGrowth, unwatchedMs, gates } = this;
    return { nowMs, flags: [this.flag], problems, noGrowth, unwatchedMs, gates };
  }

  look(): readonly string[] {
    const step = next(this.spec, this.state, this.facts);
    // A decision is made again from what was stored of it.
    expect(next(stored(this.spec), stored(this.state), stored(this.facts))).toEqual(step);
    return this.#take(step);
  }

  /** Looks until nothing happens. */
  settle(): readonly string[] {
    for (let looks = 0; looks < 50; looks++) {
      const before = this.decisions.length;
      const waiting = this.look();
      if (this.decisions.length === before) return waiting;
    }
    throw new Error('it never comes to rest');
  }

  do(command: Command): void {
    const step = obey(this.spec, this.state, command, this.facts);
    expect(obey(stored(this.spec), stored(this.state), stored(command), stored(this.facts))).toEqual(step);
    this.#take(step);
  }

  pass(ms: number): readonly string[] {
    this.nowMs += ms;
    return this.settle();
  }

  #take({ state, setFlagsPer100k, decision, waiting }: Next): readonly string[] {
    this.state = state;
    if (setFlagsPer100k !== undefined && !this.flag.isGone)
      this.flag = { ...this.flag, weightPer100k: setFlagsPer100k };
    if (decision !== undefined) this.decisions.push(decision);
    return waiting;
  }
}

function stored<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function started(given: Spec = spec): World {
  const world = new World(given);
  world.do({ name: 'start' });
  world.settle();
  return world;
}

test('a release goes through its stages, bakes and succeeds', () => {
  const world = started();
  const seen = [world.flag.weightPer100k];
  for (let stage = 1; stage < 4; stage++) {
    world.pass(MINUTE_MS);
    seen.push(world.flag.weightPer100k);
  }
  expect(seen).toEqual([5_000, 20_000, 50_000, 100_000]);
  world.pass(MINUTE_MS);
  expect(world.state.phase).toBe('baking');
  world.pass(2 * MINUTE_MS);
  expect(world.state).toMatchObject({ phase: 'succeeded', endedAtMs: world.nowMs });
  expect(world.flag.weightPer100k).toBe(100_000);
});

test('after an outage one stage is entered, not all that would have been due', () => {
  const world = started();
  world.pass(24 * 60 * MINUTE_MS);
  expect([world.state.stage, world.flag.weightPer100k]).toEqual([1, 20_000]);
});

test('what nobody watched counts neither for a soak, nor for a deadline, nor for how long a provider is lost', () => {
  const error = { gate: 'errors', verdict: 'error' as const, reason: 'It is away.', sinceMs: 0, dryRun: false };
  const lost = {
    onFailure: 'abort',
    onInconclusive: 'hold',
    // biome-ignore lint/suspicious/noThenProperty: it is what gates say
    onProviderLoss: { afterSeconds: 60, then: 'abort' },
  } as const;
  const gates = [{ name: 'errors', kind: 'calendar' as const }];
  const stages = [{ flagsPer100k: 5_000, soakSeconds: 60, maxSeconds: 90, gates }, ...spec.stages.slice(1)];
  const world = started({ ...spec, stages });
  world.gates = [{ ...error, ...lost }];
  world.pass(30_000);
  world.unwatchedMs += 10 * MINUTE_MS;
  expect(world.pass(10 * MINUTE_MS)).toEqual([
    'It is watched for 30 s more.',
    'Gate "errors" cannot be judged: It is away.',
  ]);
  expect(world.decisions.at(-1)).toBe('No server looked after it for 600 s: that does not count as watched.');
  expect([world.state.phase, world.state.stage]).toEqual(['progressing', 0]);
  expect(world.pass(59_000)).toEqual(['Gate "errors" cannot be judged: It is away.']);
  world.pass(1_000);
  expect(world.state.phase).toBe('aborted');
});

test('what nobody watched while it was paused is not left out twice, and a copied database counts anew', () => {
  const world = started();
  world.do({ name: 'pause', pause: { id: 'a', cause: 'person', by: 'Ada', reason: 'lunch' } });
  world.unwatchedMs += MINUTE_MS;
  world.pass(MINUTE_MS);
  world.do({ name: 'resume' });
  expect(world.settle()).toEqual(['It is watched for 60 s more.']);
  world.pass(40_000);
  world.unwatchedMs = 20_000;
  expect(world.pass(20_000)).toEqual(['It is watched for 20 s more.']);
});

test('it says why it does not go on', () => {
  const stages = [{ flagsPer100k: 5_000, soakSeconds: 60, approvals: 2, maxSeconds: 90 }, ...spec.stages.slice(1)];
  const world = started({ ...spec, stages });
  expect(world.look()).toEqual(['It is watched for 60 s more.', '2 more must approve.']);
  world.do({ name: 'approve', by: 'a' });
  world.do({ name: 'approve', by: 'a' });
  expect(world.pass(60_000)).toEqual(['1 more must approve.']);
  expect(world.pass(30_000)).toEqual(['Stage 1 should have ended after 90 s.', '1 more must approve.']);
  world.do({ name: 'approve', by: 'b' });
  world.settle();
  expect(world.state.stage).toBe(1);
});

test('a late stage may abort the release', () => {
  const stages = [{ flagsPer100k: 5_000, soakSeconds: 60, approvals: 1, maxSeconds: 90, onLate: 'abort' as const }];
  const world = started({ ...spec, stages: [...stages, ...spec.stages.slice(1)] });
  world.pass(90_000);
  expect([world.state.phase, world.flag.weightPer100k]).toEqual(['aborted', 0]);
});

test('a pause holds the exposure and the soak; a kill aborts it nevertheless', () => {
  const world = started();
  world.pass(30_000);
  world.do({ name: 'pause', pause: { id: 'a', cause: 'person', by: 'Ada', reason: 'lunch' } });
  expect(world.pass(60 * MINUTE_MS)).toEqual(['Paused by Ada: lunch']);
  expect(world.flag.weightPer100k).toBe(5_000);
  world.do({ name: 'resume' });
  expect(world.settle()).toEqual(['It is watched for 30 s more.']);
  world.do({ name: 'pause', pause: { id: 'a', cause: 'person', by: 'Ada', reason: 'tea' } });
  world.flag = { ...world.flag, isKilled: true };
  world.settle();
  expect([world.state.phase, world.flag.weightPer100k]).toEqual(['aborted', 0]);
});

test('what someone else sets stops it, until it is told to take over', () => {
  const world = started();
  world.flag = { ...world.flag, weightPer100k: 70_000 };
  expect(world.settle()).toEqual([expect.stringContaining('was set to 70 % by someone else')]);
  expect([world.state.phase, world.flag.weightPer100k]).toEqual(['progressing', 70_000]);
  world.do({ name: 'resume' });
  world.settle();
  expect([world.state.pauses, world.flag.weightPer100k]).toEqual([[], 5_000]);
});

test('on the way back what others set is overwritten', () => {
  const world = started();
  world.flag = { ...world.flag, weightPer100k: undefined, isEnabled: false };
  world.settle();
  world.do({ name: 'abort', reason: 'enough' });
  world.settle();
  expect([world.state.phase, world.flag.weightPer100k]).toEqual(['aborted', 0]);
});

test('a freeze holds what would grow, and lets go back', () => {
  const world = started();
  world.noGrowth = 'Frozen.';
  expect(world.pass(MINUTE_MS)).toEqual(['Frozen.']);
  expect(world.flag.weightPer100k).toBe(5_000);
  world.do({ name: 'abort', reason: 'enough' });
  world.settle();
  expect(world.flag.weightPer100k).toBe(0);
});

test('what cannot start has failed, has exposed nobody, and can be tried again', () => {
  const world = new World();
  world.problems = ['Flag "checkout" is off.'];
  world.do({ name: 'start' });
  world.settle();
  expect([world.state.phase, world.flag.weightPer100k]).toEqual(['failed', 0]);
  world.problems = [];
  world.do({ name: 'retry' });
  world.settle();
  expect(world.state).toMatchObject({ phase: 'progressing', attempt: 2, stage: 0 });
});

test('a weight set by hand stays until it is resumed', () => {
  const world = started();
  world.do({ name: 'set_weight', by: 'Ada', flagsPer100k: 30_000 });
  world.pass(60 * MINUTE_MS);
  expect(world.flag.weightPer100k).toBe(30_000);
  world.do({ name: 'resume' });
  world.settle();
  expect(world.flag.weightPer100k).toBe(5_000);
});

test('a rollback is for a time', () => {
  const world = started({ ...spec, stages: spec.stages.slice(-1) });
  for (let looks = 0; looks < 3; looks++) world.pass(2 * MINUTE_MS);
  expect(world.state.phase).toBe('succeeded');
  world.do({ name: 'abort', reason: 'too late' });
  expect(world.state.phase).toBe('succeeded');
  world.nowMs += 3_601_000;
  expect(() => world.do({ name: 'rollback', reason: 'x' })).toThrow(WrongMoment);
  world.nowMs -= 3_601_000;
  world.do({ name: 'rollback', reason: 'x' });
  world.settle();
  expect([world.state.phase, world.flag.weightPer100k]).toEqual(['rolled_back', 0]);
});

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom(
    ...(['start', 'schedule', 'cancel', 'resume', 'promote', 'promote_fully', 'retry'] as const).map((name) => ({
      name,
    })),
  ),
  fc.record({ name: fc.constantFrom('abort' as const, 'rollback' as const), reason: fc.constant('r') }),
  fc.record({ name: fc.constant('approve' as const), by: fc.constantFrom('a', 'b', 'c') }),
  fc.record({
    name: fc.constant('lift' as const),
    pause: fc.constantFrom('a', 'b'),
  }),
  fc.record({
    name: fc.constant('set_weight' as const),
    by: fc.constant('a'),
    flagsPer100k: fc.integer({ min: 0, max: 100_000 }),
  }),
  fc.record({
    name: fc.constant('pause' as const),
    pause: fc.record({
      id: fc.constantFrom('a', 'b'),
      cause: fc.constantFrom('person' as const, 'signal' as const),
      by: fc.constantFrom('a', 'b'),
      reason: fc.constant('r'),
    }),
  }),
);

type Happening =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'look' }
  | { readonly kind: 'flag'; readonly change: Partial<FlagFacts> }
  | { readonly kind: 'freeze'; readonly is: boolean };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('command' as const), command }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 0, max: 200_000 }) }) },
  { weight: 6, arbitrary: fc.constant({ kind: 'look' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('flag' as const),
      change: fc.oneof(
        fc.record({ weightPer100k: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }) }),
        fc.record({ isEnabled: fc.boolean() }),
        fc.record({ isKilled: fc.boolean() }),
        fc.record({ isGone: fc.boolean() }),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('freeze' as const), is: fc.boolean() }) },
);

function happen(world: World, happening: Happening): void {
  if (happening.kind === 'time') world.nowMs += happening.ms;
  else if (happening.kind === 'look') world.look();
  else if (happening.kind === 'flag') world.flag = { ...world.flag, ...happening.change };
  else if (happening.kind === 'freeze') world.noGrowth = happening.is ? 'Frozen.' : undefined;
  else {
    try {
      world.do(happening.command);
    } catch (error) {
      if (!(error instanceof WrongMoment)) throw error;
    }
  }
}

test('in any order of commands, looks and changes: what it sets never grows on the way back, in a freeze, or after an end', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const world = new World();
      for (const one of happenings) {
        const [before, phase, frozen] = [world.flag.weightPer100k ?? 100_000, world.state.phase, world.noGrowth];
        happen(world, one);
        if (one.kind === 'flag') continue;
        const after = world.flag.weightPer100k ?? 100_000;
        const mayGrow =
          frozen === undefined && phase === world.state.phase && ['progressing', 'promoting', 'baking'].includes(phase);
        if (!mayGrow) expect(after).toBeLessThanOrEqual(before);
        expect(PHASES).toContain(world.state.phase);
      }
    }),
  );
});

test('wherever it is, an abort leads to baseline, and a kill does', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), fc.boolean(), (happenings, byKill) => {
      const world = new World();
      for (const one of happenings) happen(world, one);
      const isUnderWay = ACTIVE.includes(world.state.phase) && world.state.phase !== 'preflight';
      if (byKill) world.flag = { ...world.flag, isKilled: true };
      else world.do({ name: 'abort', reason: 'enough' });
      world.settle();
      if (!isUnderWay) return;
      expect(['aborted', 'rolled_back']).toContain(world.state.phase);
      if (!world.flag.isGone) expect(world.flag.weightPer100k).toBe(0);
    }),
  );
});

test('it comes to rest after any event, and never sticks: with time and a resume it ends', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
      const world = new World();
      for (const one of happenings) happen(world, one);
      world.noGrowth = undefined;
      world.flag = { ...world.flag, isKilled: false, isEnabled: true, isGone: false };
      for (let step = 0; step < 20 && ACTIVE.includes(world.state.phase); step++) {
        world.pass(10 * MINUTE_MS);
        if (world.state.pauses.length > 0) world.do({ name: 'resume' });
      }
      expect(ACTIVE).not.toContain(world.state.phase);
    }),
  );
});

test('what a phase wants is what is set, and on the way back that is nothing', () => {
  for (const phase of PHASES) {
    const desired = desiredExposure(spec, { ...FIRST_STATE, phase })?.flagsPer100k;
    if (BACKWARD.includes(phase)) expect(desired).toBe(0);
    else if (FORWARD.includes(phase)) expect(desired).toBeGreaterThan(0);
    else expect(desired).toBeUndefined();
  }
});
