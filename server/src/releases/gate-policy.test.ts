import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Gate, GateFacts } from '../gates/gate.ts';
import { judge } from './gate-policy.ts';

const anyFacts = fc.record<GateFacts>({
  gate: fc.constantFrom('a', 'b', 'c'),
  verdict: fc.constantFrom('pending', 'running', 'successful', 'failed', 'error', 'inconclusive'),
  reason: fc.constant('So it is.'),
  sinceMs: fc.nat(1_000),
  onFailure: fc.constantFrom('hold', 'pause', 'abort', 'rollback'),
  onInconclusive: fc.constantFrom('hold', 'pass', 'abort'),
  onProviderLoss: fc.constant(undefined),
  dryRun: fc.boolean(),
});

const moment = fc.record({
  nowMs: fc.nat(10_000),
  isWatch: fc.boolean(),
  isOver: fc.boolean(),
  overruled: fc.constant([]),
});

test('a gate that only rehearses changes nothing, whatever it says', () => {
  const real: Gate[] = [{ kind: 'calendar', name: 'a' }];
  const rehearsing: Gate[] = ['b', 'c'].map((name) => ({ kind: 'calendar', name, dryRun: true }));
  fc.assert(
    fc.property(fc.uniqueArray(anyFacts, { selector: ({ gate }) => gate }), moment, (facts, at) => {
      const facing = facts.filter(({ gate }) => gate === 'a');
      expect(judge([...real, ...rehearsing], facts, at)).toEqual(judge(real, facing, at));
      expect(judge(rehearsing, facts, at)).toEqual({ holds: [] });
    }),
  );
});
