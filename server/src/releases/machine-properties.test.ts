import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { GateFacts, GateVerdict } from '../gates/gate.ts';
import { comparePhases, type MigrationPhase, neighbour } from '../migration-plans/phase.ts';
import { type Command, obey, WrongMoment } from './command.ts';
import type { Facts, FlagFacts } from './facts.ts';
import { next } from './machine.ts';
import type { Next } from './next.ts';
import { ACTIVE, FORWARD } from './phase.ts';
import type { Spec } from './spec.ts';
import { FIRST_STATE, type State } from './state.ts';

/** A release of everything: schema, traffic, flags, gates of stages, and one that is watched. */
const spec: Spec = {
  strategy: 'canary',
  flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
  traffic: { target: 'shop', candidate: 'v2', baseline: 'v1' },
  migration: { plan: 'orders' },
  stages: [
    { flagsPer100k: 0, trafficPer100k: 0, migrationPhase: 'expand', soakSeconds: 10 },
    { flagsPer100k: 0, trafficPer100k: 20_000, migrationPhase: 'dual_write', soakSeconds: 10, gates: [gate('stage')] },
    { flagsPer100k: 10_000, trafficPer100k: 50_000, migrationPhase: 'read_new', soakSeconds: 10, approvals: 1 },
    { flagsPer100k: 100_000, trafficPer100k: 100_000, migrationPhase: 'read_only_new', soakSeconds: 10 },
    { flagsPer100k: 100_000, trafficPer100k: 100_000, migrationPhase: 'stop_old_write', soakSeconds: 10 },
  ],
  watch: [gate('watch')],
  bakeSeconds: 20,
  rollbackWindowSeconds: 3_600,
};

function gate(name: string) {
  return { name, kind: 'calendar' as const };
}

const capabilities = {
  ...{ atomic: true, sticky: true, lease: false, drain: true, shadow: true, fenced: true },
  granularityPer100k: 1,
};

function stored<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** What is around a release, as far as the machine can tell; what is set outside may be lost. */
class World {
  nowMs = 0;
  state: State = FIRST_STATE;
  flag: FlagFacts = { flag: 'checkout', weightPer100k: 0, isEnabled: true, isKilled: false, isGone: false };
  trafficPer100k = 0;
  isReachable = true;
  /** Whether the server that looks holds the release. */
  isHolder = true;
  phase: MigrationPhase = 'baseline';
  wanted: MigrationPhase = 'baseline';
  verdicts: Record<string, GateVerdict> = { stage: 'running', watch: 'running' };
  noGrowth: string | undefined;
  unwatchedMs = 0;
  /** Told of each step before it is made. */
  onStep: (step: Next) => void = () => {};

  get facts(): Facts {
    const isClosed = comparePhases(this.phase, 'stop_old_write') >= 0;
    const outside = {
      ...(this.isReachable
        ? { traffic: { candidatePer100k: this.trafficPer100k, capabilities } }
        : { trafficProblem: 'It is away.' }),
      gates: [this.#judged('stage')],
      watch: [this.#judged('watch')],
    };
    return {
      ...{ nowMs: this.nowMs, flags: [this.flag], problems: [], noGrowth: this.noGrowth },
      unwatchedMs: this.unwatchedMs,
      migration: {
        ...{ phase: this.phase, isMoving: this.phase !== this.wanted },
        floor: isClosed ? 'stop_old_write' : 'baseline',
      },
      ...(this.isHolder ? outside : {}),
    };
  }

  look(): boolean {
    const step = next(spec, this.state, this.facts);
    // A decision is made again from what was stored of it.
    expect(next(stored(spec), stored(this.state), stored(this.facts))).toEqual(step);
    const isNews = JSON.stringify(step.state) !== JSON.stringify(this.state) || step.setTraffic !== undefined;
    this.#take(step);
    return isNews;
  }

  do(command: Command): void {
    try {
      const step = obey(spec, this.state, command, this.facts);
      expect(obey(stored(spec), stored(this.state), stored(command), stored(this.facts))).toEqual(step);
      this.#take(step);
    } catch (error) {
      if (!(error instanceof WrongMoment)) throw error;
    }
  }

  pass(ms: number): void {
    this.nowMs += ms;
  }

  /** Some time in which nobody looks. */
  outage(ms: number): void {
    this.nowMs += ms;
    this.unwatchedMs += ms;
  }

  /** Some time in which nothing is in the way. */
  stride(): void {
    for (let looks = 0; looks < 6; looks++) {
      this.migrate();
      this.look();
    }
    this.do({ name: 'approve', by: 'someone' });
    this.pass(15_000);
  }

  say(gate: string, verdict: GateVerdict): void {
    this.verdicts = { ...this.verdicts, [gate]: verdict };
  }

  /** The plan goes one phase on. */
  migrate(): void {
    this.phase = neighbour(this.phase, this.wanted) ?? this.phase;
  }

  /** Everything works, for as long as anything happens. */
  settle(): void {
    [this.isHolder, this.isReachable, this.noGrowth] = [true, true, undefined];
    for (let looks = 0; looks < 200; looks++) {
      const isMoving = this.phase !== this.wanted;
      this.migrate();
      if (!this.look() && !isMoving) return;
    }
    throw new Error(`it never comes to rest: ${JSON.stringify(this.state)}`);
  }

  #judged(name: string): GateFacts {
    const verdict = this.verdicts[name] ?? 'pending';
    const policy = { onFailure: 'abort', onInconclusive: 'hold', onProviderLoss: undefined, dryRun: false } as const;
    return { gate: name, verdict, reason: 'so it is.', sinceMs: 0, ...policy };
  }

  #take(step: Next): void {
    this.onStep(step);
    const { state, setFlagsPer100k, wantPhase, setTraffic } = step;
    this.state = state;
    const { weightPer100k = 100_000 } = this.flag;
    if (setFlagsPer100k !== undefined && !this.flag.isGone) {
      const isReturn = !FORWARD.includes(state.phase) && weightPer100k < setFlagsPer100k;
      if (!isReturn) this.flag = { ...this.flag, weightPer100k: setFlagsPer100k };
    }
    if (wantPhase !== undefined) this.wanted = wantPhase;
    if (setTraffic !== undefined && this.isReachable) this.trafficPer100k = setTraffic.candidatePer100k;
  }
}

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom<Command>(
    ...(['start', 'resume', 'promote', 'promote_fully', 'retry', 'unblock', 'accept'] as const).map((name) => ({
      name,
    })),
    { name: 'retry', stage: 1 },
    { name: 'abort', reason: 'r' },
    { name: 'rollback', reason: 'r' },
    { name: 'rollback', reason: 'r', gradual: { steps: 3, everySeconds: 5 } },
    { name: 'approve', by: 'a' },
    { name: 'lift', pause: 'a' },
    { name: 'pause', pause: { id: 'a', cause: 'signal', by: 'a', reason: 'r' } },
  ),
  fc.record({
    name: fc.constant('set_weight' as const),
    by: fc.constant('a'),
    flagsPer100k: fc.integer({ min: 0, max: 100_000 }),
    trafficPer100k: fc.integer({ min: 0, max: 100_000 }),
  }),
);

type Happening = (world: World) => void;

const set =
  (part: Partial<World>): Happening =>
  (world) =>
    void Object.assign(world, part);
const someVerdict = fc.record({
  name: fc.constantFrom('stage', 'watch'),
  verdict: fc.constantFrom<GateVerdict>('running', 'successful', 'successful', 'failed', 'error', 'inconclusive'),
});

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 20, arbitrary: fc.constant<Happening>((world) => void world.look()) },
  { weight: 6, arbitrary: fc.constant<Happening>((world) => world.migrate()) },
  { weight: 8, arbitrary: fc.constant<Happening>((world) => world.stride()) },
  {
    weight: 5,
    arbitrary: fc.integer({ min: 0, max: 30_000 }).map(
      (ms): Happening =>
        (world) =>
          world.pass(ms),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 4_000, max: 300_000 }).map(
      (ms): Happening =>
        (world) =>
          world.outage(ms),
    ),
  },
  {
    weight: 4,
    arbitrary: command.map(
      (one): Happening =>
        (world) =>
          world.do(one),
    ),
  },
  { weight: 1, arbitrary: fc.boolean().map((isHolder) => set({ isHolder })) },
  { weight: 1, arbitrary: fc.boolean().map((isReachable) => set({ isReachable })) },
  { weight: 1, arbitrary: fc.boolean().map((is) => set({ noGrowth: is ? 'Frozen.' : undefined })) },
  {
    weight: 2,
    arbitrary: someVerdict.map(
      ({ name, verdict }): Happening =>
        (world) =>
          world.say(name, verdict),
    ),
  },
);

/** A release that has begun, and then anything in any order. */
function live(happenings: readonly Happening[], onEach: (world: World) => void = () => {}): World {
  const world = new World();
  world.do({ name: 'start' });
  // Most of it goes well, or nothing would ever come far.
  world.say('stage', 'successful');
  for (const happen of happenings) {
    onEach(world);
    happen(world);
  }
  return world;
}

const happenings = fc.array(happening, { maxLength: 100, size: 'max' });
fc.configureGlobal({ numRuns: 300 });
vi.setConfig({ testTimeout: 120_000 });

test('flags never get more than traffic has, traffic nothing before the schema is there, and nothing rises on a way back', () => {
  fc.assert(
    fc.property(happenings, (all) => {
      live(all, (world) => {
        world.onStep = ({ state, setFlagsPer100k = 0, setTraffic }) => {
          const { weightPer100k = 100_000 } = world.flag;
          if (setFlagsPer100k > weightPer100k) {
            expect(setFlagsPer100k).toBeLessThanOrEqual(world.trafficPer100k);
            expect(FORWARD).toContain(state.phase);
          }
          if (setTraffic !== undefined && setTraffic.candidatePer100k > world.trafficPer100k) {
            expect(FORWARD).toContain(state.phase);
            const needed = state.manual === undefined ? spec.stages[state.stage]?.migrationPhase : undefined;
            if (needed !== undefined) expect(comparePhases(world.phase, needed)).toBeGreaterThanOrEqual(0);
            expect(world.noGrowth).toBeUndefined();
          }
          // What is outside is set by its holder alone, and after the state that says so was kept.
          if (setTraffic !== undefined) {
            expect(world.isHolder).toBe(true);
            expect(state.set?.trafficPer100k).toBe(setTraffic.candidatePer100k);
          }
        };
      });
    }),
  );
});

test('a stage with a gate is left by success or by a person, and a gate that fails leads back at the next look', () => {
  fc.assert(
    fc.property(happenings, (all) => {
      live(all, (world) => {
        const { phase, stage, attempt, enteredAtMs } = world.state;
        const isHeld = phase === 'progressing' && stage === 1;
        world.onStep = ({ state, decision = '' }) => {
          const isAhead = state.attempt === attempt && state.stage > stage && state.phase === 'progressing';
          if (isHeld && isAhead && !decision.startsWith('Promoted')) expect(world.verdicts.stage).toBe('successful');
        };
        if (world.isHolder && isHeld && enteredAtMs !== undefined && world.verdicts.stage === 'failed') {
          // An outage is accounted for first, by a step of its own of the same look.
          if ((world.state.unwatchedMs ?? 0) !== world.unwatchedMs) world.look();
          world.look();
          expect(world.state.phase).toBe('aborting');
        }
      });
    }),
  );
});

test('a stage and baking end by themselves after they were watched for their time, whatever outages there were', () => {
  fc.assert(
    fc.property(happenings, (all) => {
      /** By the clock of those who watch. */
      let seenMs: number | undefined;
      live(all, (world) => {
        world.onStep = ({ state, decision = '' }) => {
          const watchedMs = world.nowMs - world.unwatchedMs;
          const { phase, stage, enteredAtMs } = world.state;
          const isOver = /^(Stage \d+ is done|The last stage is done|Nothing spoke against it)/.test(decision);
          if (isOver && enteredAtMs !== undefined) {
            const seconds = phase === 'baking' ? spec.bakeSeconds : spec.stages[stage]?.soakSeconds;
            expect(watchedMs - (seenMs ?? Number.POSITIVE_INFINITY)).toBeGreaterThanOrEqual((seconds ?? 0) * 1000);
          }
          const isSeen = state.enteredAtMs !== undefined;
          if (!isSeen) seenMs = undefined;
          else if (enteredAtMs === undefined) seenMs = watchedMs;
        };
      });
    }),
  );
});

test('an abort, a kill, and a gate that fails each lead to baseline, or to where a migration has closed the way', () => {
  fc.assert(
    fc.property(happenings, fc.constantFrom('abort', 'kill', 'gate'), (all, by) => {
      const world = live(all);
      const isUnderWay = ACTIVE.includes(world.state.phase) && !['preflight', 'blocked'].includes(world.state.phase);
      world.verdicts = { stage: 'running', watch: by === 'gate' ? 'failed' : 'running' };
      if (by === 'abort') world.do({ name: 'abort', reason: 'enough' });
      if (by === 'kill') world.flag = { ...world.flag, isKilled: true };
      for (let step = 0; step < 4; step++) {
        world.settle();
        // A way back in steps takes its time.
        world.nowMs += 5_000;
      }
      if (!isUnderWay) return;
      expect(world.flag.weightPer100k).toBe(0);
      if (world.state.phase === 'blocked') {
        expect(world.phase).toBe('stop_old_write');
        return;
      }
      expect(['aborted', 'rolled_back']).toContain(world.state.phase);
      expect(world.trafficPer100k).toBe(0);
      expect(comparePhases(world.phase, 'expand')).toBeLessThanOrEqual(0);
    }),
  );
});

test('once it is killed, nothing is ever exposed further', () => {
  fc.assert(
    fc.property(happenings, happenings, (before, after) => {
      const world = live(before);
      world.flag = { ...world.flag, isKilled: true };
      world.look();
      for (const happen of after) {
        const [flags = 100_000, traffic, attempt] = [
          world.flag.weightPer100k,
          world.trafficPer100k,
          world.state.attempt,
        ];
        happen(world);
        if (world.state.attempt !== attempt || world.state.attempt > 1) return;
        if (world.state.phase === 'preflight' || world.state.phase === 'progressing') return;
        expect(world.flag.weightPer100k ?? 100_000).toBeLessThanOrEqual(flags);
        expect(world.trafficPer100k).toBeLessThanOrEqual(traffic);
      }
    }),
  );
});

test('it never sticks: with time, approvals and gates that pass it ends', () => {
  fc.assert(
    fc.property(happenings, (all) => {
      const world = live(all);
      for (let step = 0; step < 40 && ACTIVE.includes(world.state.phase); step++) {
        world.verdicts = { stage: 'successful', watch: 'running' };
        world.do({ name: 'approve', by: 'someone' });
        if (world.state.pauses.length > 0) world.do({ name: 'resume' });
        if (world.state.phase === 'blocked') world.do({ name: 'accept' });
        world.settle();
        world.nowMs += 60_000;
      }
      expect(ACTIVE).not.toContain(world.state.phase);
    }),
  );
});

test('who promotes before a weight by hand was set is done with what is out', () => {
  const world = live([]);
  for (let stage = 0; stage < 4; stage++) {
    world.settle();
    world.do({ name: 'approve', by: 'someone' });
    world.pass(15_000);
  }
  world.look();
  expect([world.state.stage, world.trafficPer100k]).toEqual([4, 100_000]);
  world.do({ name: 'set_weight', by: 'someone', flagsPer100k: 0, trafficPer100k: 0 });
  for (let looks = 0; looks < 3; looks++) {
    world.look();
    world.migrate();
  }
  expect([world.state.set?.trafficPer100k, world.trafficPer100k]).toEqual([0, 100_000]);
  world.do({ name: 'promote_fully' });
  world.settle();
  world.pass(30_000);
  world.settle();
  expect([world.state.phase, world.state.set?.trafficPer100k]).toEqual(['succeeded', 100_000]);
});
