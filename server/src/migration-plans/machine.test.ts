import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STAGES, type Stage } from '../flags/migration-stages.ts';
import { actionsOf, served } from './actions.ts';
import type { Definition, PhaseDefinition } from './definition.ts';
import { floorOf } from './floor.ts';
import { after, NotAllowed, next, type Outcome, type PlanFacts, retry, want } from './machine.ts';
import { comparePhases, type MigrationPhase, PHASES } from './phase.ts';
import { firstState, type Move, type PlanState } from './state.ts';

const T0 = 1_000_000;
const FINE: PlanFacts = { nowMs: T0 };
const SQL = { sql: 'select 1' };
const definition: Definition = {
  flag: 'orders',
  code: { version: '2.0.0' },
  phases: {
    expand: { up: [SQL], down: [SQL] },
    backfill: { up: [{ backfill: 'x', from: '0' }], verify: [SQL] },
    read_only_new: { bakeSeconds: 60 },
    stop_old_write: { bakeSeconds: 60 },
    contract: { up: [SQL] },
  },
};

let ids = 0;
const newId = () => `move-${++ids}`;

/** Goes on, with all that is done going well, until there is nothing to do. */
function settle(state: PlanState, facts = FINE, plan = definition): PlanState {
  let present = state;
  for (let steps = 0; steps < 200; steps++) {
    const what = next(plan, present, facts, newId);
    if (what.do === 'rest') return present;
    present = what.do === 'keep' ? what.state : after(present, what.move, { is: 'done' }, facts.nowMs);
  }
  throw new Error('it never rests');
}

function at(phase: MigrationPhase): PlanState {
  return { phase, enteredAtMs: T0, wanted: phase };
}

test('a plan goes through its phases one by one, to where it is wanted', () => {
  let state = want(definition, firstState(T0), 'read_new', FINE);
  const seen: string[] = [];
  for (let steps = 0; steps < 100; steps++) {
    const what = next(definition, state, FINE, newId);
    if (what.do === 'rest') break;
    if (what.do === 'keep') seen.push(what.decision);
    state = what.do === 'keep' ? what.state : after(state, what.move, { is: 'done' }, T0);
  }
  expect(seen).toEqual(
    ['expand', 'dual_write', 'backfill', 'shadow_read', 'read_new'].flatMap((phase) => [
      `Begins ${phase}.`,
      `Phase ${phase} is reached.`,
    ]),
  );
  expect(state).toMatchObject({ phase: 'read_new', wanted: 'read_new' });
});

describe('what is asked for', () => {
  test.each<[from: MigrationPhase, to: MigrationPhase, message: RegExp]>([
    ['baseline', 'stop_old_write', /is a step of its own, taken when read_only_new is reached/],
    ['read_only_new', 'contract', /is a step of its own/],
    ['stop_old_write', 'read_only_new', /cannot go back.*not written any more/],
    ['contract', 'stop_old_write', /is removed: there is no way back/],
  ])('of a plan in %s is not %s', (from, to, message) => {
    expect(() => want(definition, at(from), to, FINE)).toThrow(message);
  });

  test('is contract only when stop_old_write has baked and all instances run the code', () => {
    const state = at('stop_old_write');
    expect(() => want(definition, state, 'contract', FINE)).toThrow(/bakes for 60 s more/);
    const later = { nowMs: T0 + 60_000 };
    const laggards = 'Of 2 instances 1 do not run 2.0.0.';
    expect(() => want(definition, state, 'contract', { ...later, laggards })).toThrow(laggards);
    expect(settle(want(definition, state, 'contract', later), later).phase).toBe('contract');
  });

  test('may be a return to before a phase that has down, but not of one that lacks it', () => {
    expect(want(definition, at('read_new'), 'baseline', FINE).wanted).toBe('baseline');
    const lacking = { ...definition, phases: { ...definition.phases, expand: { up: [SQL] } } };
    expect(() => want(lacking, at('read_new'), 'baseline', FINE)).toThrow(/expand has an up and no down/);
    expect(want(lacking, at('read_new'), 'expand', FINE).wanted).toBe('expand');
  });
});

test('a check that does not hold is asked again for its time, then the plan stops; going back is open', () => {
  let state = settle(want(definition, firstState(T0), 'dual_write', FINE));
  state = want(definition, state, 'backfill', FINE);
  const outcome: Outcome = { is: 'unmet', reason: '3 rows differ', withinSeconds: 30 };
  for (const [nowMs, isFailed] of [
    [T0, false],
    [T0 + 29_000, false],
    [T0 + 30_000, true],
  ] as const) {
    for (;;) {
      const what = next(definition, state, { nowMs }, newId);
      if (what.do === 'keep') state = what.state;
      else if (what.do === 'act' && what.action.kind !== 'check') state = after(state, what.move, { is: 'done' }, T0);
      else {
        if (what.do === 'act') state = after(state, what.move, outcome, nowMs);
        break;
      }
    }
    expect([nowMs, state.failure?.reason]).toEqual([nowMs, isFailed ? '3 rows differ' : undefined]);
  }
  expect(state.phase).toBe('dual_write');
  expect(next(definition, state, FINE, newId)).toEqual({ do: 'rest', waiting: ['3 rows differ'] });
  expect(settle(retry(state, T0)).phase).toBe('backfill');
  expect(settle(want(definition, state, 'baseline', FINE)).phase).toBe('baseline');
});

test('what passes is tried thirty times in a row, and for as long as it gets on', () => {
  const { state, move } = begun('backfill');
  let present = state;
  for (let tries = 1; tries < 30; tries++)
    present = after(present, moveOf(present, move), { is: 'again', reason: 'lock' }, T0);
  expect(present.failure).toBeUndefined();
  const on = after(present, moveOf(present, move), { is: 'again', reason: 'lock', hasProgressed: true }, T0);
  expect(after(on, moveOf(on, move), { is: 'again', reason: 'lock' }, T0).failure).toBeUndefined();
  expect(after(present, moveOf(present, move), { is: 'again', reason: 'lock' }, T0).failure?.reason).toBe(
    'lock (Tried 30 times.)',
  );
});

test('old code anywhere keeps rows from being copied: what it writes would be missed', () => {
  const laggards = 'Of 2 instances 1 do not run 2.0.0.';
  const state = settle(want(definition, firstState(T0), 'backfill', FINE), { ...FINE, laggards });
  expect(state.phase).toBe('dual_write');
  expect(next(definition, state, { ...FINE, laggards }, newId)).toEqual({ do: 'rest', waiting: [laggards] });
  expect(settle(state).phase).toBe('backfill');
});

test('a freeze stops the way forward, never the way back', () => {
  const frozen = { ...FINE, noGrowth: 'Frozen.' };
  expect(settle(want(definition, firstState(T0), 'expand', FINE), frozen).phase).toBe('baseline');
  expect(settle(want(definition, at('read_new'), 'dual_write', frozen), frozen).phase).toBe('dual_write');
});

test('a kill while what is new answers lets what is old answer again, and never leads two stages away', () => {
  expect(served({}, 'read_new')).toEqual({ stage: 'live', safe: 'shadow' });
  const on = actionsOf(definition, { direction: 'up', phase: 'read_only_new' });
  expect(on).toEqual([
    { kind: 'serve', stage: 'live', safe: 'live' },
    { kind: 'confirm' },
    { kind: 'settle', seconds: 5 },
    { kind: 'serve', stage: 'rampDown', safe: 'rampDown' },
    { kind: 'confirm' },
    { kind: 'settle', seconds: 5 },
  ]);
});

const steps = (max: number) => fc.array(fc.constant(SQL), { maxLength: max });
const phaseArbitrary: fc.Arbitrary<PhaseDefinition> = fc.record(
  {
    up: steps(2),
    down: steps(2),
    verify: steps(2),
    isReversible: fc.boolean(),
    bakeSeconds: fc.nat({ max: 20 }),
    returnsOnFailure: fc.boolean(),
  },
  { requiredKeys: [] },
);
const definitionArbitrary: fc.Arbitrary<Definition> = fc
  .array(fc.option(phaseArbitrary, { nil: undefined }), { minLength: PHASES.length, maxLength: PHASES.length })
  .map((phases) => ({
    flag: 'orders',
    code: { version: '2.0.0' },
    phases: Object.fromEntries(PHASES.slice(1).map((phase, at) => [phase, phases[at] ?? {}])),
  }));
const event = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('want' as const), phase: fc.constantFrom(...PHASES) }) },
  // As people do who mean to get somewhere.
  { weight: 4, arbitrary: fc.constantFrom({ type: 'by' as const, by: 1 }, { type: 'by' as const, by: -1 }) },
  {
    weight: 20,
    arbitrary: fc.record({
      type: fc.constant('look' as const),
      outcome: fc.constantFrom<Outcome>(
        ...Array<Outcome>(8).fill({ is: 'done' }),
        { is: 'failed', reason: 'no' },
        { is: 'unmet', reason: 'not yet', withinSeconds: 5 },
        { is: 'again', reason: 'lock' },
        { is: 'waiting', reason: 'receipts' },
      ),
      // It is done, and the server dies before it could keep that.
      isForgotten: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom({ type: 'retry' as const }, { type: 'pause' as const }, { type: 'resume' as const }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.nat({ max: 10_000 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('fleet' as const), lags: fc.boolean() }) },
);

const start = fc.constantFrom(...PHASES);

test('whatever is wanted, done, failed, forgotten and asked again: every promise of a migration is kept', () => {
  let contracted = 0;
  let returned = 0;
  fc.assert(
    fc.property(definitionArbitrary, start, fc.array(event, { maxLength: 150, size: 'max' }), (plan, phase, events) => {
      let state = at(phase);
      let facts: PlanFacts = { nowMs: T0 };
      const first = served(plan, phase);
      let serves = {
        stage: STAGES.indexOf(first.stage as Stage),
        safe: STAGES.indexOf(first.safe as Stage),
        isConfirmed: true,
      };
      /** Checks that held, by move. */
      const held = new Map<string, Set<number>>();
      /** What becomes of an action in a world where the guard of stages waits for instances. */
      const apply = (move: Move, outcome: Outcome): Outcome => {
        const action = actionsOf(plan, move)[move.done];
        if (action?.kind === 'check' && outcome.is === 'done') {
          held.set(move.id, (held.get(move.id) ?? new Set()).add(move.done));
        }
        if (action?.kind === 'confirm' && outcome.is === 'done') serves = { ...serves, isConfirmed: true };
        if (action?.kind === 'serve' && outcome.is === 'done') {
          const is = { stage: STAGES.indexOf(action.stage as Stage), safe: STAGES.indexOf(action.safe as Stage) };
          const all = [serves.stage, serves.safe, is.stage, is.safe];
          expect(Math.max(...all) - Math.min(...all)).toBeLessThanOrEqual(1);
          const isLess = [is.stage, is.safe].every((stage) => stage === serves.stage || stage === serves.safe);
          if (!isLess && !serves.isConfirmed) return { is: 'waiting', reason: 'receipts' };
          const isSame = is.stage === serves.stage && is.safe === serves.safe;
          serves = { ...is, isConfirmed: isSame && serves.isConfirmed };
        }
        return outcome;
      };
      for (const each of events) {
        const before = state;
        if (each.type === 'want' || each.type === 'by') {
          const phase =
            each.type === 'want' ? each.phase : (PHASES[PHASES.indexOf(state.phase) + each.by] ?? state.phase);
          const floor = floorOf(plan, state).phase;
          try {
            state = want(plan, state, phase, facts);
          } catch (error) {
            expect(error).toBeInstanceOf(NotAllowed);
            continue;
          }
          if (phase !== before.wanted) expect(comparePhases(phase, floor)).toBeGreaterThanOrEqual(0);
          if (phase === 'contract' && before.wanted !== 'contract') expect(before.phase).toBe('stop_old_write');
        } else if (each.type === 'pass') facts = { ...facts, nowMs: facts.nowMs + each.ms };
        else if (each.type === 'fleet') facts = { ...facts, laggards: each.lags ? 'Old code.' : undefined };
        else if (each.type === 'retry') state = state.failure === undefined ? state : retry(state, facts.nowMs);
        else if (each.type === 'pause') state = { ...state, pause: { by: 'ann', reason: 'lunch', atMs: facts.nowMs } };
        else if (each.type === 'resume') state = { ...state, pause: undefined };
        else {
          const what = next(plan, state, facts, newId);
          if (what.do === 'act') {
            const { direction, phase } = what.move;
            if (direction === 'up' && comparePhases(phase, 'backfill') >= 0) expect(facts.laggards).toBeUndefined();
            const outcome = apply(what.move, each.outcome);
            if (!each.isForgotten) state = after(state, what.move, outcome, facts.nowMs);
            // As receipts do, sooner or later.
            if (outcome.is === 'waiting') serves = { ...serves, isConfirmed: true };
          }
          if (what.do === 'keep') state = what.state;
        }
        const { move } = state;
        if (move !== undefined && move.id !== before.move?.id) {
          if (move.direction === 'down') expect(canLeave(plan, move.phase)).toBe(true);
          else {
            if (move.phase === 'contract') {
              const bakeMs = (plan.phases.stop_old_write?.bakeSeconds ?? 0) * 1_000;
              expect(facts.nowMs - before.enteredAtMs).toBeGreaterThanOrEqual(bakeMs);
            }
          }
        }
        if (state.phase !== before.phase) {
          expect(Math.abs(comparePhases(state.phase, before.phase))).toBe(1);
          const isForward = comparePhases(state.phase, before.phase) > 0;
          if (!isForward) returned += 1;
          if (state.phase === 'contract') contracted += 1;
          // Never past a check that did not hold.
          const checks = plan.phases[state.phase]?.verify?.length ?? 0;
          if (isForward) expect(held.get(before.move?.id ?? '')?.size ?? 0).toBe(checks);
          const { stage } = served(plan, state.phase);
          expect(serves.stage).toBe(STAGES.indexOf(stage as Stage));
        }
      }
      // Whatever happened: when nothing is in the way any more it gets to where it is wanted.
      state = { ...state, pause: undefined };
      if (state.failure !== undefined) state = retry(state, facts.nowMs);
      for (let nowMs = facts.nowMs, days = 0; days < PHASES.length; days++) {
        nowMs += 1_000_000;
        state = settle(state, { nowMs }, plan);
      }
      expect(state.phase).toBe(state.wanted);
    }),
    { numRuns: 500 },
  );
  // It does not keep its promises by standing still.
  expect(contracted).toBeGreaterThan(2);
  expect(returned).toBeGreaterThan(30);
});

function canLeave({ phases }: Definition, phase: MigrationPhase): boolean {
  const { up = [], down = [], isReversible } = phases[phase] ?? {};
  if (phase === 'contract' || isReversible === false) return false;
  if (phase === 'stop_old_write') return isReversible === true && down.length > 0;
  return isReversible === true || phase === 'backfill' || up.length === 0 || down.length > 0;
}

function begun(phase: MigrationPhase): { readonly state: PlanState; readonly move: Move } {
  const before = PHASES[PHASES.indexOf(phase) - 1] ?? 'baseline';
  const what = next(definition, { ...at(before), wanted: phase }, FINE, newId);
  if (what.do !== 'keep' || what.state.move === undefined) throw new Error('nothing was begun');
  return { state: what.state, move: what.state.move };
}

function moveOf({ move }: PlanState, fallback: Move): Move {
  return move ?? fallback;
}
