import { type CompiledRuleset, type Evaluation, type EvaluationContext, isSameAnswer } from '@bunting/core';

/** A context, and the name of its subject. */
export interface Sample {
  readonly subject: string;
  readonly context: EvaluationContext;
}

/** Contexts that had one answer of a flag and get another. */
export interface Move {
  readonly before: Evaluation;
  readonly after: Evaluation;
  contexts: number;
  readonly examples: Sample[];
}

const MAX_EXAMPLES = 5;
/** Contexts that one ruleset answers for before the other does: a flag links itself anew when they alternate. */
const STRIDE = 32;

/** Who moves from what to what between two rulesets. */
export class Moves {
  readonly #rulesets: { readonly before: CompiledRuleset; readonly after: CompiledRuleset; readonly nowMs: number };
  readonly #byFlag: ReadonlyMap<string, Map<Evaluation, Map<Evaluation, Move>>>;
  sampled = 0;
  /** Contexts that some flag answers otherwise. */
  moved = 0;

  constructor(before: CompiledRuleset, after: CompiledRuleset, flags: readonly string[], nowMs: number) {
    this.#rulesets = { before, after, nowMs };
    this.#byFlag = new Map(flags.map((flag) => [flag, new Map()]));
  }

  /** Evaluates for these; each step is a few tenths of a millisecond. */
  *add(samples: readonly Sample[]): Generator<void> {
    for (let from = 0; from < samples.length; from += STRIDE) {
      const part = samples.slice(from, from + STRIDE);
      const movers = new Set<Sample>();
      for (const flag of this.#byFlag.keys()) {
        this.#compare(flag, part, movers);
        yield;
      }
      this.sampled += part.length;
      this.moved += movers.size;
    }
  }

  /** By flag; the moves of most contexts first. */
  result(): { readonly flag: string; readonly moves: readonly Move[] }[] {
    return [...this.#byFlag].map(([flag, byBefore]) => {
      const moves = [...byBefore.values()]
        .flatMap((byAfter) => [...byAfter.values()])
        .filter((move) => !isSameAnswer(move.before, move.after));
      return { flag, moves: moves.sort((a, b) => b.contexts - a.contexts) };
    });
  }

  #compare(flag: string, samples: readonly Sample[], movers: Set<Sample>): void {
    const { before, after, nowMs } = this.#rulesets;
    const answers = samples.map(({ context }) => before.evaluate(flag, context, nowMs));
    for (const [at, sample] of samples.entries()) {
      const was = answers[at];
      const is = after.evaluate(flag, sample.context, nowMs);
      if (was === undefined || was === is) continue;
      const move = this.#moveOf(flag, was, is);
      if (isSameAnswer(was, is)) continue;
      movers.add(sample);
      move.contexts += 1;
      if (move.examples.length < MAX_EXAMPLES) move.examples.push(sample);
    }
  }

  /** Outcomes are shared by all that get the same: there are few of them. */
  #moveOf(flag: string, before: Evaluation, after: Evaluation): Move {
    const byBefore = this.#byFlag.get(flag) ?? new Map<Evaluation, Map<Evaluation, Move>>();
    const byAfter = byBefore.get(before) ?? new Map<Evaluation, Move>();
    byBefore.set(before, byAfter);
    const move = byAfter.get(after) ?? { before, after, contexts: 0, examples: [] };
    byAfter.set(after, move);
    return move;
  }
}
