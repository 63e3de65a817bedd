import { createHash } from 'node:crypto';
import { toCanonicalJson } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import type { TestSpec } from '../evidence/test-spec.ts';
import type { Verdict as Finding } from '../evidence/verdict.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { SafeguardVerdictRow } from '../store/tables/safeguards.ts';
import type { Sides } from './arms.ts';
import type { Outlier } from './outliers.ts';
import type { Safeguard } from './safeguard.ts';
import type { Step } from './step.ts';
import type { VerdictSchema } from './verdict-schemas.ts';

/** What a safeguard found, with all that it takes to find it again: as it is stored, and hashed. */
export interface VerdictDocument {
  readonly id: string;
  readonly atMs: number;
  readonly safeguard: Pick<Safeguard, 'id' | 'name' | 'version'>;
  readonly flag: string;
  readonly variant: string;
  /** Null: it was judged on its own. */
  readonly baseline: string | null;
  /** Id of the rule whose split was judged; empty: the default rule; null: whatever served it. */
  readonly rule: string | null;
  /** Which version of the deploy was looked at; absent: all. */
  readonly deploy?: NonNullable<Sides['deploy']>;
  /** Absent: nothing is known of them, as in documents of older servers. */
  readonly alone?: readonly Outlier[];
  readonly metric: Safeguard['metric'];
  /** As it was judged: with this part of the safeguard's alpha. */
  readonly test: TestSpec;
  readonly action: Safeguard['action'];
  readonly mode: Safeguard['mode'];
  readonly summary: string;
  readonly firstBadAtMs: number | null;
  readonly finding: Finding;
  readonly steps: readonly Step[];
  readonly outcomes: readonly { readonly action: string; readonly result: string; readonly reason: string }[];
  /** Id of the server. */
  readonly server: string;
  /** The version of Bunting. */
  readonly code: string;
}

export type VerdictView = Static<typeof VerdictSchema>;

export function hashOf(document: VerdictDocument): string {
  return createHash('sha256')
    .update(toCanonicalJson(JSON.parse(JSON.stringify(document))))
    .digest('hex');
}

export function documentOf({ document }: Pick<SafeguardVerdictRow, 'document'>): VerdictDocument {
  return JSON.parse(document) as VerdictDocument;
}

export function toView(row: SafeguardVerdictRow): VerdictView {
  const { atMs, firstBadAtMs, finding, steps: _, rule: __, outcomes, alone, ...document } = documentOf(row);
  return {
    ...document,
    at: toTimestamp(atMs),
    firstBadAt: firstBadAtMs === null ? null : toTimestamp(firstBadAtMs),
    logE: finding.logE ?? null,
    threshold: finding.threshold ?? null,
    ...(alone === undefined ? {} : { alone: [...alone] }),
    outcomes: [...outcomes],
    hash: row.hash,
  };
}
