import { t } from '@lingui/core/macro';
import * as z from 'zod/mini';
import type { ReleaseDecision } from '../api/types.ts';
import type { EvidencePoint } from '../evidence/evidence-curves.ts';

/** What was found of who made a release worse, and what was done because of it. */
export interface BlameVerdict {
  /** The id of the decision. */
  readonly id: string;
  readonly at: string;
  readonly guilty: 'flag' | 'deploy' | 'both';
  /** Sentences with numbers. */
  readonly reason: string;
  readonly wasTakenBack: string;
  readonly comparisons: readonly BlameComparison[];
}

/** Two of three groups, compared: the old version, the new one, and the new one with the flag on. */
export interface BlameComparison {
  readonly of: 'flag' | 'deploy';
  /** Key, and variants. */
  readonly flag: string;
  readonly candidate: string;
  readonly baseline: string;
  readonly isConvicted: boolean;
  /** ln of the evidence at which it convicts. */
  readonly line: number;
  readonly points: readonly EvidencePoint[];
}

const count = z.number();
const curve = z.array(z.tuple([count, count, count, count, count, count]));
const facts = z.object({
  blame: z.object({
    guilty: z.enum(['flag', 'deploy', 'both']),
    reason: z.string(),
    line: z.optional(z.number()),
    evidence: z.optional(
      z.array(
        z.object({
          ...{ flag: z.string(), candidate: z.string(), baseline: z.string() },
          comparisons: z.object({ flag: curve, deploy: curve }),
        }),
      ),
    ),
  }),
});

/** The decisions that rest on who was found guilty, newest first. @param decisions oldest first */
export function blameVerdicts(decisions: readonly ReleaseDecision[]): readonly BlameVerdict[] {
  return decisions
    .flatMap((decision): BlameVerdict[] => {
      const read = facts.safeParse(decision.facts);
      // What was found stands among the facts of what came later, too.
      if (!read.success || !decision.decision.includes(read.data.blame.reason)) return [];
      const { guilty, reason, line = 0, evidence = [] } = read.data.blame;
      const { id, at } = decision;
      const comparisons = evidence.flatMap(({ comparisons: curves, ...flag }) =>
        (['flag', 'deploy'] as const).map((of): BlameComparison => {
          const points = curves[of];
          const isConvicted = (points.at(-1)?.[5] ?? 0) >= line;
          return { of, ...flag, isConvicted, line, points: points.map(toPoint) };
        }),
      );
      return [{ id, at, guilty, reason, wasTakenBack: backWords(decision, guilty), comparisons }];
    })
    .toReversed();
}

type Point = readonly [
  endMs: number,
  candidate: number,
  bad: number,
  baseline: number,
  baselineBad: number,
  logE: number,
];

function toPoint([endMs, candidate, bad, baseline, baselineBad, logE]: Point, at: number, all: readonly Point[]) {
  return {
    from: new Date(all[at - 1]?.[0] ?? endMs).toISOString(),
    to: new Date(endMs).toISOString(),
    candidate: { count: candidate, bad },
    baseline: { count: baseline, bad: baselineBad },
    logE,
  };
}

function backWords({ set }: ReleaseDecision, guilty: BlameVerdict['guilty']): string {
  if (guilty !== 'flag') return t`Everything went back: the flags at once, then traffic.`;
  const share = (set.trafficPer100k ?? 0) / 1_000;
  return t`The flags went back to their baseline at once; traffic stayed at ${share}%, for a person to decide.`;
}
