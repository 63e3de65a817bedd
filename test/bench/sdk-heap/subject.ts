import { encode } from '@bunting/core';
import { askChild } from '../ask-child.ts';
import { makeFiveRuleFlags } from '../data-set.ts';
import { serveSnapshot } from '../origin.ts';
import { show } from '../report.ts';
import { makeSnapshot } from '../ruleset.ts';
import { median, round } from '../statistics.ts';
import type { Measurement, Subject } from '../subject.ts';
import type { HeapReply } from './child.ts';

/** What a process pays in memory for having the SDK. */
export const sdkHeap: Subject = {
  name: 'sdk-heap',
  about: 'heap of a connected Node SDK with 1 000 and 10 000 flags of five rules, before and after all were asked',

  async measure({ quick, say }) {
    const measurements: Measurement[] = [];
    for (const flagCount of [1_000, 10_000]) {
      say(`${flagCount} flags ...`);
      const origin = await serveSnapshot(encode(makeSnapshot(makeFiveRuleFlags(flagCount))));
      try {
        const replies: HeapReply[] = [];
        for (let i = 0; i < (quick ? 1 : 5); i++) {
          const child = new URL('child.ts', import.meta.url);
          replies.push(await askChild<HeapReply>(child, [origin.url, String(flagCount)], ['--expose-gc']));
        }
        const line = (what: string, values: readonly number[]): Measurement => ({
          case: `${show(flagCount)} flags of five rules, ${what}`,
          unit: 'MB',
          better: 'lower',
          ours: round(median(values)),
        });
        measurements.push(
          line(
            'live, nothing asked',
            replies.map(({ liveMB }) => liveMB),
          ),
          line(
            'each asked once',
            replies.map(({ askedMB }) => askedMB),
          ),
        );
      } finally {
        origin.close();
      }
    }
    return {
      measurements,
      notes: ['what is added to a process that has loaded the modules; after garbage collections; buffers included'],
    };
  },
};
