import { expect, test } from 'vitest';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { Case } from './case.ts';
import { Coverage } from './coverage.ts';
import type { Safeguard } from './safeguard.ts';
import type { SafeguardBook } from './safeguard-book.ts';
import type { Step } from './step.ts';

const SAFEGUARD = { id: 's', environmentId: 'e', metric: { kind: 'errors' } } as Safeguard;
const SPEC = { kind: 'crash', alpha: 0.001, atMost: 0.05 } as const;

/** A minute in which the candidate had so many requests. */
const minuteOf = (count: number): Step => ({ fromMs: 0, toMs: 60_000, candidate: [count, 0], baseline: [count, 0] });

function lookAt(...cases: Partial<Case>[]) {
  const flag = { kind: 'flag', key: 'checkout', json: JSON.stringify({ key: 'checkout', enabled: true }) };
  const ruleset = { environmentId: 'e', kills: [], items: () => [flag] };
  const made = cases.map((each) => ({
    ...{ safeguard: SAFEGUARD, flag: 'checkout', sides: { candidate: 'on', baseline: 'off' }, spec: SPEC },
    ...{ finding: { verdict: 'pending' }, idleMs: 0, steps: [] },
    ...each,
  }));
  const coverage = new Coverage({
    rulesets: { named: () => ruleset } as unknown as Rulesets,
    book: { of: () => [SAFEGUARD], polled: [] } as unknown as SafeguardBook,
    watch: { casesIn: () => made as unknown as Case[], explainPolled: () => undefined },
    now: () => 0,
  });
  return coverage.get({ project: 'p', environment: 'x' }, {});
}

test('one variant of which harm would be seen is enough', async () => {
  const { items } = await lookAt({ idleMs: 60_000 }, { steps: [minuteOf(6_000)] });
  expect(items).toEqual([{ flag: 'checkout', sight: 'watched', safeguards: 1, why: null }]);
});

test('a flag of whose traffic nothing could be told in time is as good as unwatched, and it is said why', async () => {
  const { items, blind } = await lookAt({ steps: [minuteOf(1)] });
  expect(blind).toBe(1);
  expect(items).toMatchObject([{ sight: 'blind', why: expect.stringContaining('too little traffic') }]);
  expect((await lookAt({ idleMs: 60_000, steps: [minuteOf(6_000)] })).items).toMatchObject([
    { sight: 'blind', why: 'No traffic in variant "on" of checkout for 60 s.' },
  ]);
});
