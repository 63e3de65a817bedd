import type { ReleaseDecision } from '../api/types.ts';

type Decided = Pick<ReleaseDecision, 'id' | 'at' | 'set' | 'decision'>;

const shares = ['trafficPer100k', 'shadowPer100k', 'flagsPer100k'] as const;
export type ShareField = (typeof shares)[number];

export interface ExposureHistory {
  /** Decisions that set something else than what was set before, oldest first. */
  readonly changes: readonly Decided[];
  /** Milliseconds since 1970, UTC: each change has two, what was there until then and what is from then on. */
  readonly times: readonly number[];
  /** Shares in percent, one for each of the times; of those that were ever more than nothing. */
  readonly curves: readonly { readonly field: ShareField; readonly percents: readonly number[] }[];
}

/**
 * What a release had out at which time, as steps.
 * @param decisions oldest first
 * @param untilMs where the last step ends: now, or when nothing was decided any more
 */
export function exposureHistory(decisions: readonly Decided[], untilMs: number): ExposureHistory {
  const [first] = decisions;
  if (!first) return { changes: [], times: [], curves: [] };
  const changes = decisions.filter(({ set }, at) => {
    const before = decisions[at - 1]?.set;
    return before !== undefined && shares.some((field) => (set[field] ?? 0) !== (before[field] ?? 0));
  });
  const steps = [
    { atMs: Date.parse(first.at), set: first.set },
    ...changes.flatMap(({ at, set }, index) => {
      const atMs = Date.parse(at);
      return [
        { atMs, set: changes[index - 1]?.set ?? first.set },
        { atMs, set },
      ];
    }),
  ];
  const last = changes.at(-1)?.set ?? first.set;
  const all = [...steps, { atMs: Math.max(untilMs, steps.at(-1)?.atMs ?? 0), set: last }];
  const curves = shares.map((field) => ({ field, percents: all.map(({ set }) => (set[field] ?? 0) / 1_000) }));
  return {
    changes,
    times: all.map(({ atMs }) => atMs),
    curves: curves.filter(({ percents }) => percents.some((percent) => percent > 0)),
  };
}
