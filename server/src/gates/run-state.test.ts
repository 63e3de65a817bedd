import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Gate } from './gate.ts';
import type { Measurement } from './measurement.ts';
import { advanceRun, beginRun, type RunState } from './run-state.ts';

const STEP_MS = 5_000;

/** Gates of each kind, with data that their measuring could bring. */
const gates: readonly { readonly gate: Gate; readonly data: fc.Arbitrary<unknown> }[] = [
  {
    gate: { kind: 'http', name: 'ready', urls: ['https://a'] },
    data: fc.array(
      fc.record({ url: fc.constant('https://a'), isReady: fc.boolean(), reason: fc.string(), ms: fc.nat() }),
    ),
  },
  {
    gate: { kind: 'prometheus', name: 'load', source: 'main', query: 'a', atMost: 10 },
    data: fc.record({ candidate: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
  },
  {
    gate: { kind: 'prometheus', name: 'ratio', source: 'main', query: 'a', baseline: 'b', atMost: 2 },
    data: fc.record({ candidate: fc.nat(9), baseline: fc.nat(9) }),
  },
  {
    gate: {
      ...{ kind: 'sequential', name: 'errors', of: { kind: 'flag' }, minRequests: 50 },
      test: { kind: 'relative_risk', alpha: 0.01, tolerance: 1 },
    },
    data: counted(),
  },
  {
    gate: {
      ...{ kind: 'sequential', name: 'safe', of: { kind: 'traffic' }, proves: { lessThan: 2, beta: 0.05 } },
      test: { kind: 'crash', alpha: 0.01, atMost: 0.05 },
    },
    data: counted(),
  },
  { gate: { kind: 'burn_rate', name: 'budget', objective: 0.99, of: { kind: 'traffic' } }, data: counted() },
  { gate: { kind: 'sample_ratio', name: 'share' }, data: counted(fc.double({ min: 0.05, max: 0.95, noNaN: true })) },
  {
    gate: { kind: 'mann_whitney', name: 'memory', source: 'main', query: 'a', baseline: 'b', minPoints: 10 },
    data: fc.record({ candidate: fc.integer({ min: -9, max: 9 }), baseline: fc.integer({ min: -9, max: 9 }) }),
  },
  {
    gate: { kind: 'migration', name: 'rows', phase: 'backfill' },
    data: fc.record({ phase: fc.constantFrom('expand', 'backfill', 'shadow_read'), isMoving: fc.boolean() }),
  },
  {
    gate: { kind: 'job', name: 'smoke', run: { kind: 'webhook', webhook: 'w' }, timeoutSeconds: 30 },
    data: fc.record({ state: fc.constantFrom('running', 'succeeded', 'failed'), says: fc.string() }),
  },
  {
    gate: { kind: 'calendar', name: 'hours', from: '09:00' },
    data: fc.record({ isOpen: fc.boolean(), shown: fc.string() }),
  },
];

function counted(expected: fc.Arbitrary<number> = fc.constant(0.5)): fc.Arbitrary<unknown> {
  const pair = fc.tuple(fc.nat(200), fc.nat(200)).map(([count, bad]) => [Math.max(count, bad), Math.min(count, bad)]);
  return fc.record({
    step: fc.record({ fromMs: fc.constant(0), toMs: fc.constant(STEP_MS), candidate: pair, baseline: pair }),
    expected,
  });
}

const anyRun = fc.nat(gates.length - 1).chain((at) => {
  const { gate, data } = gates[at] ?? { gate: { kind: 'calendar', name: 'never' }, data: fc.constant(null) };
  const look = fc.oneof(
    { arbitrary: data.map((each) => ({ kind: 'data', data: each })), weight: 4 },
    {
      arbitrary: fc.constantFrom('no_data', 'error', 'gap').map((kind) => ({ kind, reason: `It is ${kind}.` })),
      weight: 1,
    },
  );
  const measurements = fc
    .array(look, { maxLength: 60 })
    .map((looks) => looks.map((each, n) => ({ ...each, fromMs: n * STEP_MS, toMs: (n + 1) * STEP_MS }) as Measurement));
  return fc.record({ gate: fc.constant(gate as Gate), measurements });
});

function judge(gate: Gate, measurements: readonly Measurement[], state = beginRun(gate, 0)): RunState {
  return measurements.reduce((before, each) => advanceRun(gate, 0, before, each), state);
}

describe('a run of a gate', () => {
  test('comes to the same wherever it is interrupted, and whoever takes it up', () => {
    fc.assert(
      fc.property(anyRun, fc.nat(60), ({ gate, measurements }, at) => {
        const stored = JSON.parse(JSON.stringify(judge(gate, measurements.slice(0, at)))) as RunState;
        expect(judge(gate, measurements.slice(at), stored)).toEqual(judge(gate, measurements));
      }),
      { numRuns: 300 },
    );
  });

  test('never succeeds without data, nor by a look that had none', () => {
    fc.assert(
      fc.property(anyRun, ({ gate, measurements }) => {
        let state = beginRun(gate, 0);
        expect(state.verdict).toBe('pending');
        for (const measurement of measurements) {
          state = advanceRun(gate, 0, state, measurement);
          if (state.verdict === 'successful') expect(measurement.kind).toBe('data');
          if (state.measured === 0) expect(['error', 'inconclusive']).toContain(state.verdict);
          if (state.verdict === 'error') expect(measurement.kind).toBe('error');
        }
      }),
      { numRuns: 300 },
    );
  });

  test('takes nothing from before its stage was entered', () => {
    fc.assert(
      fc.property(anyRun, ({ gate, measurements }) => {
        const enteredAtMs = (measurements.length + 1) * STEP_MS;
        const state = measurements.reduce(
          (before, each) => advanceRun(gate, enteredAtMs, before, each),
          beginRun(gate, enteredAtMs),
        );
        expect(state.measured).toBe(0);
        expect(['pending', 'inconclusive', 'error']).toContain(state.verdict);
      }),
    );
  });

  test('goes back and forth at most a few times, then counts as failed', () => {
    fc.assert(
      fc.property(anyRun, ({ gate, measurements }) => {
        let state = beginRun(gate, 0);
        let turns = 0;
        for (const measurement of measurements) {
          const after = advanceRun(gate, 0, state, measurement);
          if (state.verdict === 'failed' && after.verdict !== 'failed') turns += 1;
          state = after;
        }
        expect(turns).toBeLessThanOrEqual(3);
      }),
    );
    const gate: Gate = { kind: 'http', name: 'ready', urls: ['https://a'], failAfter: 1, passAfter: 1 };
    const looks = Array.from({ length: 20 }, (_, at): Measurement => {
      const data = [{ url: 'https://a', isReady: at % 2 === 1, reason: 'answered 503', ms: 1 }];
      return { kind: 'data', fromMs: at * STEP_MS, toMs: (at + 1) * STEP_MS, data };
    });
    expect(judge(gate, looks)).toMatchObject({ verdict: 'failed', recoveries: 3 });
    expect(judge(gate, looks).reason).toContain('It has failed and recovered 3 times before');
  });

  test('counts a lost provider apart, and tells since when it is lost', () => {
    const gate: Gate = { kind: 'prometheus', name: 'load', source: 'main', query: 'a', atMost: 1, passAfter: 1 };
    const good: Measurement = { kind: 'data', fromMs: 0, toMs: 0, data: { candidate: 1 } };
    const lost = (atMs: number): Measurement => ({ kind: 'error', fromMs: atMs, toMs: atMs, reason: 'No answer.' });
    const state = judge(gate, [good, lost(5_000), lost(10_000)]);
    expect(state).toMatchObject({ verdict: 'error', sinceMs: 5_000, errors: 2, measured: 1, silent: 0 });
    expect(judge(gate, [{ ...good, fromMs: 15_000, toMs: 15_000 }], state)).toMatchObject({ verdict: 'successful' });
  });

  test('stays failed where data are missing', () => {
    const gate: Gate = { kind: 'http', name: 'ready', urls: ['https://a'], failAfter: 1 };
    const bad = [{ url: 'https://a', isReady: false, reason: 'answered 503', ms: 1 }];
    const failed = judge(gate, [{ kind: 'data', fromMs: 0, toMs: 0, data: bad }]);
    for (const kind of ['no_data', 'error', 'gap'] as const) {
      expect(judge(gate, [{ kind, fromMs: 1, toMs: 1, reason: '' }], failed)).toMatchObject({ verdict: 'failed' });
    }
  });
});
