import { createHash } from 'node:crypto';
import { type Json, toCanonicalJson } from '@bunting/core';
import type { Spec } from '../releases/spec.ts';
import { type LoggedDecision, MACHINE } from './decision.ts';
import { digestDecision } from './digest.ts';
import { type Replayed, replay } from './replay.ts';
import { type ExportedRun, verifyRuns } from './verify-runs.ts';

/** An audit event as the API shows it, with the hash of the one before it in its chain. */
export interface ExportedEvent {
  readonly previousHash: string;
  readonly event: {
    readonly seq: number;
    readonly hash: string;
    readonly action: string;
    readonly after: unknown;
    readonly [name: string]: unknown;
  };
}

/** A release with all that was decided about it, as `GET .../releases/:release/export` answers. */
export interface ReleaseExport {
  readonly format: 'bunting-release';
  readonly version: 1;
  readonly release: { readonly id: string; readonly title: string };
  readonly spec: Spec;
  /** In their order. */
  readonly decisions: readonly LoggedDecision[];
  readonly gates: readonly ExportedRun[];
  /** In their order; null: whoever exported it may not read the audit log. */
  readonly audit: readonly ExportedEvent[] | null;
}

export interface Verification {
  /** Decisions that follow, bit for bit, from what they were made of. */
  readonly same: number;
  /** Verdicts of gates that follow from what was measured. */
  readonly gates: number;
  /** What this version cannot make again, and why; nothing is said against it. */
  readonly unknown: readonly string[];
  /** What is not as it was decided, in sentences; none: all is. */
  readonly problems: readonly string[];
}

/** Makes every decision of a release again, and compares all with the hashes of the audit log. Pure. */
export function verifyExport({ spec, decisions, gates, audit }: ReleaseExport): Verification {
  const unknown: string[] = [];
  const problems: string[] = [];
  let same = 0;
  // What was decided of a draft before it was edited was decided of another spec, which an export does not have.
  const edited = decisions.findLastIndex(({ basis }) => basis?.command?.name === 'edit');
  for (const [at, decision] of decisions.entries()) {
    const replayed: Replayed = at < edited ? OF_ANOTHER_DRAFT : replay(spec, decision);
    if (replayed.outcome === 'same') same += 1;
    else (replayed.outcome === 'unknown' ? unknown : problems).push(`${nameOf(decision)}: ${replayed.why}`);
  }
  if (audit !== null) problems.push(...compareWithAudit(spec, decisions, audit));
  // Where another machine decided, another judged.
  const isOther = decisions.some(({ basis }) => basis?.machine !== MACHINE);
  const runs = isOther ? { same: 0, unknown: [], problems: [] } : verifyRuns(gates, decisions);
  return {
    ...{ same, gates: runs.same },
    unknown: [...unknown, ...runs.unknown],
    problems: [...problems, ...runs.problems],
  };
}

const OF_ANOTHER_DRAFT: Replayed = { outcome: 'unknown', why: 'the draft was edited after it' };

function compareWithAudit(
  spec: Spec,
  decisions: readonly LoggedDecision[],
  audit: readonly ExportedEvent[],
): readonly string[] {
  const problems: string[] = [];
  const digests = new Set<unknown>();
  let agreed: unknown;
  for (const { previousHash, event } of audit) {
    const { seq, hash, action } = event;
    if (hashOf(previousHash, event) !== hash) problems.push(`audit event ${seq} is not what was written`);
    const { digest, title: _, ...said } = (event.after ?? {}) as Record<string, unknown>;
    if (digest !== undefined) digests.add(digest);
    if (action === 'release.created') agreed = said;
    if (action === 'release.edited') agreed = said.spec;
  }
  if (agreed !== undefined && toCanonicalJson([agreed as Json]) !== toCanonicalJson([spec as unknown as Json])) {
    problems.push('the spec is not the one that the release was made with, or edited to last');
  }
  const held = new Set<unknown>();
  for (const decision of decisions) {
    const digest = digestDecision(decision);
    held.add(digest);
    if (decision.basis !== null && !digests.has(digest)) {
      problems.push(`${nameOf(decision)}: the audit log knows no such decision`);
    }
  }
  for (const { event } of audit) {
    const { digest, decision } = (event.after ?? {}) as Record<string, unknown>;
    if (digest !== undefined && !held.has(digest)) problems.push(`a decision is missing, or was changed: ${decision}`);
  }
  return problems;
}

/** As `server/src/audit` does: over the hash before, and all of the event but its hash; of its origin the digest only. */
function hashOf(previousHash: string, { hash: _, ...event }: ExportedEvent['event']): string {
  return createHash('sha256')
    .update(`${previousHash}\n${toCanonicalJson(event)}`)
    .digest('hex');
}

function nameOf({ atMs, decision }: LoggedDecision): string {
  return `${new Date(atMs).toISOString()} "${decision}"`;
}
