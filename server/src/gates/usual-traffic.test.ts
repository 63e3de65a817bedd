import { expect, test } from 'vitest';
import type { GateOf } from './gate.ts';
import type { Means } from './measuring/look.ts';
import { findUsual } from './usual-traffic.ts';

const gate: GateOf<'sequential'> = {
  ...{ kind: 'sequential', name: 'errors', of: { kind: 'traffic' } },
  test: { kind: 'relative_risk', alpha: 0.01, tolerance: 1 },
};
const subject = {
  ...{ releaseId: 'none', project: 'default', environment: 'production', environmentId: 'e', attempt: 1, stage: 0 },
  ...{ flags: [], traffic: { target: 'shop', candidate: 'v2', baseline: 'v1' } },
};

/** A load balancer that has counted so much, and counts on at a rate by the clock. */
function meansOf(requests: number, errors: number, perSecond: number): Means {
  const beganMs = Date.now();
  const count = async () => {
    const more = Math.round(((Date.now() - beganMs) * perSecond) / 1_000);
    return { candidate: { requests: 0, errors: 0 }, baseline: { requests: requests + more, errors } };
  };
  return { traffic: { open: async () => ({ count, close: async () => {} }) } } as unknown as Means;
}

test('of a load balancer it is what it counts within a second, and what was bad of all that it has counted', async () => {
  const usual = await findUsual(gate, subject, meansOf(50_000, 500, 400), Date.now);
  if ('unknown' in usual) throw new Error(usual.unknown);
  expect(usual.perSecond).toBeGreaterThan(300);
  expect(usual.perSecond).toBeLessThan(500);
  expect(usual.badRate).toBeCloseTo(0.01, 4);
});

test('what is not known is not guessed', async () => {
  expect(await findUsual(gate, subject, meansOf(50_000, 500, 0), Date.now)).toEqual({
    unknown: 'The traffic target counted no requests within a second.',
  });
  const none = { traffic: { open: async () => undefined } } as unknown as Means;
  expect(await findUsual(gate, subject, none, Date.now)).toEqual({
    unknown: 'There is no traffic target "shop" any more.',
  });
  expect(await findUsual({ kind: 'sample_ratio', name: 'ratio' }, subject, none, Date.now)).toHaveProperty('unknown');
});
