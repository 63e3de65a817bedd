import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GateFacts } from './gate.ts';
import { demandOf } from './policy.ts';

const facts: GateFacts = {
  ...{ gate: 'errors', verdict: 'running', reason: '', sinceMs: 1_000, dryRun: false },
  ...{ onFailure: 'abort', onInconclusive: 'hold', onProviderLoss: undefined },
};

type Loss = NonNullable<GateFacts['onProviderLoss']>;

const loss = (afterSeconds: number, then: Loss['then']): Loss => ({ afterSeconds, then });

const anyFacts = fc.record<GateFacts>({
  gate: fc.constant('errors'),
  verdict: fc.constantFrom('pending', 'running', 'successful', 'failed', 'error', 'inconclusive'),
  reason: fc.constant(''),
  sinceMs: fc.nat(100_000),
  onFailure: fc.constantFrom('hold', 'pause', 'abort', 'rollback'),
  onInconclusive: fc.constantFrom('hold', 'pass', 'abort'),
  onProviderLoss: fc.option(
    fc.tuple(fc.integer({ min: 1, max: 100 }), fc.constantFrom('hold', 'pause', 'abort')).map((args) => loss(...args)),
    { nil: undefined },
  ),
  dryRun: fc.boolean(),
});

describe('what a gate asks of its release', () => {
  test('is to go only for a success, or for what is not known once the time is over and that is to pass', () => {
    fc.assert(
      fc.property(anyFacts, fc.nat(200_000), fc.boolean(), (gate, nowMs, isOver) => {
        if (demandOf(gate, { nowMs, isOver }) !== 'go') return;
        if (gate.verdict === 'successful') return;
        expect(['pending', 'running', 'inconclusive']).toContain(gate.verdict);
        expect([isOver, gate.onInconclusive]).toEqual([true, 'pass']);
      }),
    );
  });

  test('holds for what is not known as long as there is time', () => {
    for (const verdict of ['pending', 'running', 'inconclusive', 'error'] as const) {
      const gate = { ...facts, verdict, onInconclusive: 'abort' as const };
      expect(demandOf(gate, { nowMs: 1e9, isOver: false })).toBe('hold');
    }
    expect(demandOf({ ...facts, onInconclusive: 'abort' }, { nowMs: 0, isOver: true })).toBe('abort');
  });

  test('tells the loss of a provider from a failure, and from what is not known, also when the time is over', () => {
    const lost = { ...facts, verdict: 'error', onInconclusive: 'abort' } as const;
    expect(demandOf(lost, { nowMs: 1e9, isOver: true })).toBe('hold');
    const patient = { ...lost, onProviderLoss: loss(10, 'pause') };
    expect(demandOf(patient, { nowMs: 10_999, isOver: true })).toBe('hold');
    expect(demandOf(patient, { nowMs: 11_000, isOver: false })).toBe('pause');
  });
});
