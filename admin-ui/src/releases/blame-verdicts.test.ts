import { expect, test } from 'vitest';
import type { ReleaseDecision } from '../api/types.ts';
import { blameVerdicts } from './blame-verdicts.ts';

const reason = 'Flag "checkout": in version v2, "on" fails in 6 % (3 of 50), "off" in 0 % (0 of 50).';
const guilty = {
  ...{ guilty: 'flag', reason, line: 5 },
  evidence: [
    {
      ...{ flag: 'checkout', candidate: 'on', baseline: 'off' },
      comparisons: { flag: [[1_000, 50, 3, 50, 0, 6.1]], deploy: [[1_000, 50, 0, 90, 0, -0.2]] },
    },
  ],
};
const decided = (decision: string, facts: unknown): ReleaseDecision => ({
  ...{ id: decision, at: '2026-11-21T00:00:00Z', by: { kind: 'system', id: 'r', name: 'Release' }, decision, facts },
  ...{ phase: 'progressing', stage: 0, set: { flagsPer100k: 10_000, trafficPer100k: 20_000 } },
});

test('only the decision that rests on blame is a verdict, with what was taken back and both comparisons', () => {
  const found = blameVerdicts([
    decided('20 % is served.', { nowMs: 0 }),
    decided(`Paused. ${reason} The flags go back.`, { blame: guilty }),
    decided('Flags set to 0 %.', { blame: guilty }),
  ]);
  expect(found).toMatchObject([
    {
      ...{ guilty: 'flag', reason },
      wasTakenBack: 'The flags went back to their baseline at once; traffic stayed at 20%, for a person to decide.',
      comparisons: [
        { of: 'flag', isConvicted: true, points: [{ candidate: { count: 50, bad: 3 }, logE: 6.1 }] },
        { of: 'deploy', isConvicted: false, points: [{ baseline: { count: 90, bad: 0 } }] },
      ],
    },
  ]);
});

test('what an earlier version decided has words and no curves; nonsense is nothing', () => {
  const { evidence: _, line: __, ...bare } = guilty;
  expect(blameVerdicts([decided(reason, { blame: { ...bare, guilty: 'both' } })])).toMatchObject([
    { wasTakenBack: 'Everything went back: the flags at once, then traffic.', comparisons: [] },
  ]);
  expect(blameVerdicts([decided(reason, { blame: { guilty: 'moon', reason } }), decided('x', null)])).toEqual([]);
});
