import {
  applyChanges,
  applySnapshot,
  type CompiledRuleset,
  compile,
  decodeServerMessage,
  encode,
  flagItem,
} from '@bunting/core';
import { type FlagSpec, makeFiveRuleFlags, makeSubjects, type SegmentSpec } from '../data-set.ts';
import { show } from '../report.ts';
import { makeFlag, makeRuleset, makeSnapshot } from '../ruleset.ts';
import { median, round } from '../statistics.ts';
import type { Measurement } from '../subject.ts';

/** Figures of core alone that grow with the ruleset. Each group runs in a process of its own, with `--expose-gc`. */
export const groups: Readonly<Record<string, (quick: boolean) => Measurement[]>> = {
  'compile 1000': (quick) => compiling(1_000, quick),
  'compile 10000': (quick) => compiling(10_000, quick),
  rules: callsByRules,
  flags: callsByFlags,
  segment: callsBySegment,
  change: applying,
};

const subjects = makeSubjects().map(({ id, ...attributes }) => ({ targetingKey: id, ...attributes }));

/** From the text of a snapshot: reading it, then the first call of each flag, which compiles it; and the heap of both. */
function compiling(flagCount: number, quick: boolean): Measurement[] {
  const name = `${show(flagCount)} flags of five rules`;
  const readMs: number[] = [];
  const compileMs: number[] = [];
  const heldMB: number[] = [];
  const compiledMB: number[] = [];
  for (let i = 0; i < (quick ? 2 : 7); i++) {
    const emptyMB = heapMB();
    // A new string each time, as it comes from a socket; it is part of the heap, for the ruleset refers to it.
    const text = Buffer.from(encode(makeSnapshot(makeFiveRuleFlags(flagCount)))).toString();
    const started = performance.now();
    const ruleset = readSnapshot(text);
    readMs.push(performance.now() - started);
    heldMB.push(heapMB() - emptyMB);
    const again = performance.now();
    for (const key of ruleset.keys()) ruleset.evaluate(key, subjects[0] ?? {});
    compileMs.push(performance.now() - again);
    compiledMB.push(heapMB() - emptyMB);
    keep(ruleset, text);
  }
  keep();
  const figure = (what: string, unit: string, values: readonly number[]): Measurement => ({
    case: `${name}: ${what}`,
    unit,
    better: 'lower',
    ours: round(median(values)),
  });
  return [
    figure('read a snapshot', 'ms', readMs),
    figure('compile and first call of every flag', 'ms', compileMs),
    figure('heap, text included, nothing called', 'MB', heldMB),
    figure('heap, text included, every flag called', 'MB', compiledMB),
  ];
}

function readSnapshot(text: string): CompiledRuleset {
  const decoded = decodeServerMessage(text);
  if (!decoded.ok) throw new Error(decoded.error);
  if (decoded.message.type !== 'snapshot') throw new Error('the text is no snapshot');
  return applySnapshot(decoded.message);
}

/** A flag of so many rules of which only the last matches. */
function callsByRules(quick: boolean): Measurement[] {
  return [1, 10, 100, 1_000].map((count) => {
    const misses = Array.from({ length: count - 1 }, (_, i) => ({
      all: [{ attribute: 'plan', equals: `trial-${i}` } as const],
      percent: 0,
    }));
    const flag: FlagSpec = {
      key: 'asked',
      rules: [...misses, { all: [{ attribute: 'plan', equals: 'pro' }], percent: 100 }],
      otherwisePercent: 0,
    };
    const ruleset = compile(makeRuleset({ flags: [flag], segments: [] }));
    return line(`one call: the last of ${show(count)} rules matches`, timeCalls(ruleset, ['asked'], quick));
  });
}

/** Flags of five rules asked in turn, so that none stays hot for long. */
function callsByFlags(quick: boolean): Measurement[] {
  return [10, 100, 1_000, 10_000].map((count) => {
    const ruleset = compile(makeRuleset(makeFiveRuleFlags(count)));
    return line(`one call: ${show(count)} flags of five rules in turn`, timeCalls(ruleset, [...ruleset.keys()], quick));
  });
}

/** A segment of which half of the asked subjects are members. */
function callsBySegment(quick: boolean): Measurement[] {
  const sizes = [10, 100, 1_000, 10_000, 100_000, ...(quick ? [] : [1_000_000])];
  return sizes.map((size) => {
    const asked = subjects.slice(0, Math.min(subjects.length, size * 2));
    const ids = Array.from({ length: size }, (_, i) => asked[i * 2]?.targetingKey ?? `stranger-${i}`);
    const segment: SegmentSpec = { key: 'members', ids };
    const flag: FlagSpec = {
      key: 'asked',
      rules: [{ all: [{ segment: segment.key }], percent: 100 }],
      otherwisePercent: 0,
    };
    const ruleset = compile(makeRuleset({ flags: [flag], segments: [segment] }));
    return line(`one call: segment of ${show(size)} keys`, timeCalls(ruleset, ['asked'], quick, asked));
  });
}

/** One flag of 10 000 changes: applying it and its first call. All flags were called before, as in a running process. */
function applying(quick: boolean): Measurement[] {
  const dataSet = makeFiveRuleFlags(10_000);
  let ruleset = applySnapshot(makeSnapshot(dataSet));
  for (const key of ruleset.keys()) ruleset.evaluate(key, subjects[0] ?? {});
  const applyMs: number[] = [];
  const bothMs: number[] = [];
  for (let i = 0; i < (quick ? 20 : 200); i++) {
    const spec = dataSet.flags[(i * 7919) % dataSet.flags.length];
    if (!spec) throw new Error('the data set has no flags');
    const changed = { ...makeFlag(spec), enabled: i % 2 === 0 };
    const message = {
      type: 'changes',
      from: ruleset.revision.number,
      revision: { ...ruleset.revision, number: ruleset.revision.number + 1 },
      committedAtMs: i,
      timeMs: i,
      delete: [],
      items: [flagItem(changed)],
    } as const;
    const started = performance.now();
    const next = applyChanges(ruleset, message);
    const applied = performance.now();
    const served = next?.evaluate(spec.key, subjects[0] ?? {});
    const answered = performance.now();
    if (!next || served?.errorCode) throw new Error('the change was not applied');
    ruleset = next;
    applyMs.push(applied - started);
    bothMs.push(answered - started);
  }
  const shared = { unit: 'ms', better: 'lower', budget: 1 } as const;
  return [
    { case: 'one flag of 10 000 changes: apply', ...shared, ours: round(median(applyMs)) },
    { case: 'one flag of 10 000 changes: apply and first call', ...shared, ours: round(median(bothMs)) },
    {
      case: 'one flag of 10 000 changes: apply and first call, the slowest',
      ...shared,
      ours: round(Math.max(...bothMs)),
    },
  ];
}

/** Nanoseconds of one call, the median of seven laps; keys and contexts in turn. */
function timeCalls(ruleset: CompiledRuleset, keys: readonly string[], quick: boolean, contexts = subjects): number {
  const lapMs = quick ? 20 : 150;
  const laps: number[] = [];
  let at = 0;
  let trues = 0;
  // Flags compile at their first call, which `compiling` times.
  for (const key of keys) ruleset.evaluate(key, contexts[0] ?? {});
  for (let lap = 0; lap <= 7; lap++) {
    let calls = 0;
    let elapsedMs = 0;
    const started = performance.now();
    while (elapsedMs < lapMs) {
      for (let i = 0; i < 1_000; i++) {
        const key = keys[at % keys.length] ?? '';
        const context = contexts[at % contexts.length] ?? {};
        if (ruleset.evaluate(key, context).value === true) trues++;
        at++;
      }
      calls += 1_000;
      elapsedMs = performance.now() - started;
    }
    // The first lap warms up.
    if (lap > 0) laps.push((elapsedMs * 1e6) / calls);
  }
  keep(trues);
  return round(median(laps));
}

function line(name: string, nanoseconds: number): Measurement {
  return { case: name, unit: 'ns/call', better: 'lower', ours: nanoseconds };
}

function heapMB(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
}

/** Holds on to values that must not be collected or optimised away before this point. */
const kept: unknown[] = [];
function keep(...values: unknown[]): void {
  kept.length = 0;
  kept.push(...values);
}
