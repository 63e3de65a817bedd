import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { rolloutFlag } from '../test/documents.ts';
import { createTestFlags } from '../testing/test-flags.ts';
import { currentContext, flagsInContext, runWithContext } from './scope.ts';

describe('a context that is run with', () => {
  it('is current in all that is started there, and nowhere else', async () => {
    const ask = async () => {
      await sleep(1);
      return currentContext()?.targetingKey;
    };
    const [ann, ben, nobody] = await Promise.all([
      runWithContext({ targetingKey: 'ann' }, ask),
      runWithContext({ targetingKey: 'ben' }, ask),
      ask(),
    ]);
    expect([ann, ben, nobody]).toEqual(['ann', 'ben', undefined]);
    expect(currentContext()).toBeUndefined();
  });

  it('is laid over the one around it', () => {
    const inner = runWithContext({ targetingKey: 'ann', plan: 'free' }, () =>
      runWithContext({ plan: 'pro' }, currentContext),
    );
    expect(inner).toEqual({ targetingKey: 'ann', plan: 'pro' });
  });

  it("is what flags in context answer for, under each call's own; plain flags ignore it", () => {
    const flags = createTestFlags({ all: rolloutFlag('all', 100_000) });
    const current = flagsInContext(flags);
    runWithContext({ targetingKey: 'ann' }, () => {
      expect(current.isEnabled('all', { plan: 'pro' })).toBe(true);
      expect(flags.isEnabled('all')).toBe(false);
    });
    expect(current.isEnabled('all')).toBe(false);
    expect(flags.exposures.map(({ context }) => context)).toEqual([
      { targetingKey: 'ann', plan: 'pro' },
      undefined,
      undefined,
    ]);
  });
});
