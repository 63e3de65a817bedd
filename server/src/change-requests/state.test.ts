import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ACTIONS, actionsIn, nextState, STATES, type State } from './state.ts';

const step = fc.record({ action: fc.constantFrom(...ACTIONS, 'conflict' as const), isApproved: fc.boolean() });

test('from wherever a request has come, it can be ended, unless it has ended', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let state: State = 'draft';
      for (const { action, isApproved } of steps) state = nextState(state, action, isApproved) ?? state;
      const hasEnded = state === 'applied' || state === 'cancelled';
      expect(actionsIn(state).length === 0).toBe(hasEnded);
      if (!hasEnded) expect(nextState(state, 'cancel', false)).toBe('cancelled');
    }),
  );
});

test('whatever has not ended can be brought to where it is applied', () => {
  for (const from of STATES.filter((state) => state !== 'applied' && state !== 'cancelled')) {
    const path = from === 'draft' ? ['open'] : from === 'open' || from === 'approved' ? [] : ['edit'];
    let state: State | undefined = from;
    for (const action of [...path, 'approve', 'apply']) state = state && nextState(state, action as 'apply', true);
    expect(state).toBe('applied');
  }
});

test('only what is open is approved or rejected, and a draft is not applied', () => {
  for (const state of STATES) {
    const isOpen = state === 'open' || state === 'approved';
    for (const action of ['approve', 'reject', 'apply', 'conflict'] as const) {
      expect([state, action, nextState(state, action, true) !== undefined]).toEqual([state, action, isOpen]);
    }
  }
});
