import { setImmediate } from 'node:timers/promises';
import { applyChanges, applyKill, type CompiledRuleset, type EvaluationContext, type Item } from '@bunting/core';
import { hashOf } from '../rulesets/content-hash.ts';
import type { RevisionRow } from '../store/tables/rulesets.ts';
import type { Database } from '../store/tables.ts';
import { type Answer, ask, isSameAnswer } from './answer.ts';
import type { PastKill } from './kill-history.ts';
import { incomplete } from './past-rulesets.ts';
import { findItemSteps, type ItemStep } from './repository.ts';

/** Something after which a flag answered otherwise. */
export interface Transition {
  readonly cause: 'revision' | 'kill' | 'time';
  /** When. Of `time`: at the latest then, and later than `afterMs`. */
  readonly atMs: number;
  readonly afterMs?: number;
  /** The revision that did it, or that was in force. */
  readonly number: number;
  /** Audit events of the change, or of the kill or re-arm. */
  readonly change?: string | null;
  readonly event?: string;
  readonly before: Answer;
  readonly after: Answer;
}

/** One after another, something that may change what is answered. */
type Point =
  | { readonly atMs: number; readonly revision: RevisionRow }
  | { readonly atMs: number; readonly kill: PastKill }
  | { readonly atMs: number };

export interface Walk {
  readonly environmentId: string;
  readonly flag: string;
  readonly context: EvaluationContext;
  /** Oldest first, without gaps; the first one is where it begins. */
  readonly revisions: readonly RevisionRow[];
  /** That came since the first revision was committed, oldest first. */
  readonly kills: readonly PastKill[];
  readonly untilMs: number;
}

/** Revisions whose documents are read at once. */
const BATCH = 200;

/**
 * Everything after which a flag answered a context otherwise, oldest first: each revision and kill is looked at, so none
 * is missed, however often the answer went to and fro. What time alone changed (ramps, dates) shows between two points.
 * @param start the ruleset of the first revision, as it was killed when that was committed
 */
export async function findTransitions(database: Database, start: CompiledRuleset, walk: Walk): Promise<Transition[]> {
  const { environmentId, flag, context, revisions } = walk;
  const [first] = revisions;
  if (first === undefined) return [];
  const found: Transition[] = [];
  let ruleset = start;
  let number = first.number;
  let lastMs = first.committed_at;
  let last = ask(ruleset, flag, context, lastMs);
  let steps = new Map<number, ItemStep[]>();
  let readTo = number;

  for (const point of toPoints(walk)) {
    // Clocks of several servers differ: time goes on, or stands still.
    const atMs = Math.max(point.atMs, lastMs);
    const before = ask(ruleset, flag, context, atMs);
    if (!isSameAnswer(last, before)) {
      found.push({ cause: 'time', atMs, afterMs: lastMs, number, before: last, after: before });
    }
    if ('revision' in point) {
      number = point.revision.number;
      if (number > readTo) {
        const to = number + BATCH;
        await setImmediate();
        steps = byNumber(await findItemSteps(database, environmentId, readTo, to));
        readTo = to;
      }
      ruleset = advance(ruleset, point.revision, steps.get(number) ?? []);
    } else if ('kill' in point) {
      ruleset = applyKill(ruleset, point.kill);
    }
    last = ask(ruleset, flag, context, atMs);
    lastMs = atMs;
    if (isSameAnswer(before, last)) continue;
    if ('revision' in point) {
      found.push({ cause: 'revision', atMs, number, change: point.revision.change_id, before, after: last });
    } else if ('kill' in point) {
      found.push({ cause: 'kill', atMs, number, event: point.kill.event, before, after: last });
    }
  }
  // The first ruleset was proven by its hash: if the last one is, too, so is every step between them.
  const end = revisions.at(-1) ?? first;
  if (hashOf(ruleset.items()) !== end.hash) throw incomplete(end.number);
  return found;
}

function toPoints({ revisions, kills, untilMs }: Walk): Point[] {
  const points: Point[] = revisions.slice(1).map((revision) => ({ atMs: revision.committed_at, revision }));
  // Revisions stay in their order, whatever clocks said.
  for (const kill of kills) {
    const at = points.findIndex(({ atMs }) => atMs > kill.atMs);
    points.splice(at < 0 ? points.length : at, 0, { atMs: kill.atMs, kill });
  }
  return [...points, { atMs: untilMs }];
}

function advance(ruleset: CompiledRuleset, row: RevisionRow, steps: readonly ItemStep[]): CompiledRuleset {
  const { number, hash, committed_at: committedAtMs } = row;
  // One history, whoever counted: incarnations tell copies apart, of which there is one here.
  const revision = { incarnation: ruleset.revision.incarnation, number, hash };
  const header = {
    type: 'changes',
    from: ruleset.revision.number,
    revision,
    committedAtMs,
    timeMs: committedAtMs,
  } as const;
  const items = steps.flatMap(({ kind, key, json }): Item[] => (json === null ? [] : [{ kind, key, json }]));
  const gone = steps.flatMap(({ kind, key, json }) => (json === null ? [{ kind, key }] : []));
  const next = applyChanges(ruleset, { ...header, items, delete: gone });
  if (next === undefined) throw new Error(`revision ${number} does not follow ${ruleset.revision.number}`);
  return next;
}

function byNumber(steps: readonly ItemStep[]): Map<number, ItemStep[]> {
  const numbers = new Map<number, ItemStep[]>();
  for (const step of steps) {
    const known = numbers.get(step.number);
    if (known === undefined) numbers.set(step.number, [step]);
    else known.push(step);
  }
  return numbers;
}
