import { describe, expect, test } from 'vitest';
import type { GateOf } from '../gate.ts';
import { mannWhitney } from './mann-whitney.ts';

const gate: GateOf<'mann_whitney'> = {
  ...{ kind: 'mann_whitney', name: 'memory', source: 'main', query: 'a', baseline: 'b' },
};

function judge(candidate: readonly number[], baseline: readonly number[], settings = gate) {
  return mannWhitney.find(settings, { candidate, baseline });
}

/** Numbers that differ among each other, about one level. */
function about(level: number, length = 60): number[] {
  return Array.from({ length }, (_, at) => level + ((at * 37) % 11) - 5);
}

describe('the judge of gauges', () => {
  test('fails what is higher by enough, and only in the direction that it was given', () => {
    expect(judge(about(150), about(100))).toMatchObject({ verdict: 'failed' });
    expect(judge(about(100), about(150))).toMatchObject({ verdict: 'successful' });
    expect(judge(about(100), about(150), { ...gate, direction: 'decrease' })).toMatchObject({ verdict: 'failed' });
    expect(judge(about(150), about(100), { ...gate, direction: 'decrease' })).toMatchObject({ verdict: 'successful' });
    expect(judge(about(100), about(150), { ...gate, direction: 'either' })).toMatchObject({ verdict: 'failed' });
  });

  test('takes tolerance as a part of the estimated shift, as Kayenta does, not of the baseline', () => {
    // Higher by 2 of 100: 25 % of the baseline is not meant, else nothing below 25 would ever be high.
    const [candidate, baseline] = [about(102, 400), about(100, 400)];
    expect(judge(candidate, baseline, { ...gate, atLeastRatio: 1.01 })).toMatchObject({ verdict: 'failed' });
    expect(judge(candidate, baseline, { ...gate, atLeastRatio: 1.01, tolerance: 1.5 })).toMatchObject({
      verdict: 'successful',
    });
  });

  test('holds a shift for no harm where the means differ by less than the ratio, however sure it is', () => {
    expect(judge(about(102, 400), about(100, 400))).toMatchObject({ verdict: 'successful' });
  });

  test('judges sides that always say the same without any noise', () => {
    const same = new Array(50).fill(3);
    expect(judge(same, same)).toMatchObject({ verdict: 'successful' });
    expect(judge(new Array(50).fill(4), same)).toMatchObject({ verdict: 'failed' });
    expect(judge(new Array(50).fill(4), new Array(50).fill(0))).toMatchObject({ verdict: 'failed' });
    expect(judge(new Array(50).fill(0), new Array(50).fill(0))).toMatchObject({ verdict: 'successful' });
  });

  test('rarely sees what is mostly nothing: error ratios are not for it', () => {
    // 1 of 10 points with an error against 3 of 10: the medians of both are 0.
    const rare = (each: number) => Array.from({ length: 60 }, (_, at) => (at % 10 < each ? 0.003 : 0));
    expect(judge(rare(3), rare(1))).toMatchObject({ verdict: 'successful' });
  });

  test('says nothing before it has enough points', () => {
    expect(judge(about(900, 49), about(1, 49))).toMatchObject({ verdict: 'running' });
    expect(judge(about(900, 10), about(1, 10), { ...gate, minPoints: 10 })).toMatchObject({ verdict: 'failed' });
  });
});
