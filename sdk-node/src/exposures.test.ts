import { compile } from '@bunting/core';
import { describe, expect, it } from 'vitest';
import { Exposures } from './exposures.ts';
import { offFlag, onFlag, revision } from './test/documents.ts';

const evaluate = (ruleset: ReturnType<typeof compile>, key: string, times: number) => {
  for (let i = 0; i < times; i++) ruleset.evaluate(key, {}).exposures++;
};

describe('exposures', () => {
  it('are the counters of a ruleset, taken over once', () => {
    const ruleset = compile({ revision: revision(1), flags: [onFlag('a'), offFlag('b')] });
    const exposures = new Exposures();
    evaluate(ruleset, 'a', 3);
    evaluate(ruleset, 'b', 2);
    exposures.collect(ruleset);
    exposures.collect(ruleset);
    expect(exposures.drain()).toEqual([
      [
        { flag: 'a', variant: 'on', reason: 'STATIC', count: 3 },
        { flag: 'b', variant: 'off', reason: 'DISABLED', count: 2 },
      ],
    ]);
    expect(exposures.drain()).toEqual([]);
  });

  it('add up over collections, and with a batch that could not be sent', () => {
    const ruleset = compile({ revision: revision(1), flags: [onFlag('a')] });
    const exposures = new Exposures();
    evaluate(ruleset, 'a', 1);
    exposures.collect(ruleset);
    exposures.restore(exposures.drain()[0] ?? []);
    evaluate(ruleset, 'a', 4);
    exposures.collect(ruleset);
    expect(exposures.drain()).toEqual([[{ flag: 'a', variant: 'on', reason: 'STATIC', count: 5 }]]);
  });

  it('travel in batches of 250', () => {
    const flags = Array.from({ length: 600 }, (_, i) => onFlag(`flag-${i}`));
    const ruleset = compile({ revision: revision(1), flags });
    for (const { key } of flags) evaluate(ruleset, key, 1);
    const exposures = new Exposures();
    exposures.collect(ruleset);
    expect(exposures.drain().map((batch) => batch.length)).toEqual([250, 250, 100]);
  });

  it('count defaults by key without variant, for a bounded number of keys', () => {
    const exposures = new Exposures();
    for (let i = 0; i < 5000; i++) exposures.countDefault(`typo-${i}`);
    exposures.countDefault('typo-0');
    exposures.countDefault(null);
    exposures.countDefault('x'.repeat(101));
    const entries = exposures.drain().flat();
    expect(entries).toHaveLength(1000);
    expect(entries[0]).toEqual({ flag: 'typo-0', variant: undefined, reason: 'ERROR', count: 2 });
  });

  it('keep to that number of keys while nothing can be sent, whichever come', () => {
    const exposures = new Exposures();
    for (let attempt = 0; attempt < 3; attempt++) {
      for (let i = 0; i < 1000; i++) exposures.countDefault(`typo-${attempt}-${i}`);
      for (const batch of exposures.drain()) exposures.restore(batch);
    }
    exposures.countDefault('typo-0-0');
    const entries = exposures.drain().flat();
    expect(entries).toHaveLength(1000);
    expect(entries[0]).toEqual({ flag: 'typo-0-0', variant: undefined, reason: 'ERROR', count: 2 });
  });
});
