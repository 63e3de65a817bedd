import type { Flag, Serve } from '@bunting/core';
import type { TestSpec } from '../evidence/test-spec.ts';
import type { Sides } from './arms.ts';
import type { Definition } from './safeguard.ts';
import { sizeOf } from './split-shares.ts';

/** Tests that compare what a split tells apart. */
const COMPARING: ReadonlySet<TestSpec['kind']> = new Set(['relative_risk', 'placebo_rank', 'latency', 'sample_ratio']);

export function isComparing({ kind }: TestSpec): boolean {
  return COMPARING.has(kind);
}

/** What is judged of a flag apart from each other, and how strictly. */
export interface Duties {
  /** The variants that are looked at, and what each is compared with. */
  readonly sides: readonly Sides[];
  /** The test with its share of alpha: all that is judged together has no more. */
  readonly spec: TestSpec;
  readonly hasSplit: boolean;
}

/** What a safeguard has to look at in a flag, as the environment serves it. */
export function dutiesOf({ metric, test, candidate, baseline, deploy }: Definition, flag: Flag): Duties {
  const compared = baseline ?? flag.offVariant;
  const others = flag.variants.map(({ name }) => name).filter((name) => name !== compared);
  // What queries say is of one candidate, whatever it is called here.
  const all = metric.kind === 'prometheus' ? others.slice(0, 1) : others;
  const candidates = candidate === undefined ? all : [candidate];
  const splits = [...(flag.rules ?? []).map(({ serve }) => serve), flag.defaultRule].filter(isSplit).length;
  const sides = candidates.map((name) => ({
    ...pathsOf(metric),
    candidate: name,
    baseline: compared,
    badAboveUs: badAboveOf(metric),
    thresholdsUs: test.kind === 'latency' ? test.thresholdsMs.map((ms) => ms * 1000) : [],
  }));
  const bySplit = test.kind === 'crash' ? splits + 1 : isComparing(test) ? splits : 1;
  const ofEach = metric.kind === 'prometheus' || (deploy && 'newest' in deploy) ? 1 : bySplit;
  return { sides, spec: shareAlpha(test, Math.max(1, candidates.length * ofEach)), hasSplit: splits > 0 };
}

/** Whether a rule's split (empty: the default rule's) has the baseline for anyone at the moment. */
export function servesBaseline(flag: Flag, rule: string, baseline: string, nowMs: number): boolean {
  const serve = rule === '' ? flag.defaultRule : flag.rules?.find(({ id }) => id === rule)?.serve;
  if (serve === undefined || !('split' in serve)) return false;
  return sizeOf(flag, serve.split, baseline, nowMs) > 0;
}

/** What is counted; of events also what counts as bad. */
function pathsOf(metric: Definition['metric']): Pick<Sides, 'path' | 'badPath'> {
  switch (metric.kind) {
    case 'mismatches':
      return { path: metric.path, badPath: undefined };
    case 'events':
      return { path: `event:${metric.good}`, badPath: `event:${metric.bad}` };
    case 'values':
      return { path: `event:${metric.event}`, badPath: undefined };
    case 'prometheus':
      // Not measured here.
      return { path: '', badPath: undefined };
    case 'exposures':
      // Each split has its own.
      return { path: '', badPath: undefined };
    default:
      return { path: metric.path ?? 'run', badPath: undefined };
  }
}

/** In thousandths of what the metric says: microseconds, or of values. */
function badAboveOf(metric: Definition['metric']): number | undefined {
  if (metric.kind === 'values') return metric.above * 1000;
  return metric.kind === 'latency' && metric.aboveMs !== undefined ? metric.aboveMs * 1000 : undefined;
}

function isSplit(serve: Serve): boolean {
  return 'split' in serve;
}

/** A chance of `alpha` for all of `count` tests together leaves each of them its part (Bonferroni). */
function shareAlpha(test: TestSpec, count: number): TestSpec {
  return 'alpha' in test ? { ...test, alpha: Math.max(1e-9, test.alpha / count) } : test;
}
