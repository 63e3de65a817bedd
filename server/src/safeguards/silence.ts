import type { Flag } from '@bunting/core';
import type { Silence } from '../evidence/verdict.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { Case } from './case.ts';
import type { Safeguard } from './safeguard.ts';
import { dutiesOf, isComparing } from './sides.ts';
import { sharesOf } from './split-shares.ts';

/** A trickle is traffic: only what stops for longer is said, in milliseconds. */
const IDLE_MS = 15_000;

/** Why a case says nothing at the moment; null when it is at work. */
export function explainCase(each: Case, nowMs: number): string | null {
  const { flag, sides, idleMs, finding, failedAtMs, restMs, spec } = each;
  if (failedAtMs !== undefined) {
    return `It failed at ${toTimestamp(failedAtMs)}, and looks again at ${toTimestamp(nowMs + restMs)}.`;
  }
  const { metric } = each.safeguard;
  const patienceMs = metric.kind === 'prometheus' ? IDLE_MS + 2 * (metric.stepMs ?? IDLE_MS) : IDLE_MS;
  if (idleMs > patienceMs && spec.kind === 'sample_ratio') {
    return `No subject was served "${sides.candidate}" of ${flag} for the first time for ${describeSpan(idleMs)}.`;
  }
  if (idleMs > patienceMs) return `No traffic in variant "${sides.candidate}" of ${flag} for ${describeSpan(idleMs)}.`;
  if (each.steps.length === 0 && spec.kind === 'placebo_rank') return 'Its first step of a few seconds is not over.';
  if (finding.silence === 'no_baseline' && sides.deploy?.isCompared) {
    return `No other version runs beside ${sides.deploy.version}: there is nothing to compare with.`;
  }
  return finding.silence === undefined ? null : WHY[finding.silence](sides.baseline);
}

const WHY: Readonly<Record<Silence, (baseline: string) => string>> = {
  no_traffic: () => 'There is no traffic in the variant that it looks at.',
  no_baseline: (baseline) => `Nobody is served "${baseline}" by the same split: there is nothing to compare with.`,
  no_slices: () => 'SDKs do not measure the flag by slices: turn on `slices` of the flag in this environment.',
  no_latencies: () => 'Nothing has come with durations yet.',
};

/** Why nothing of a flag is judged by a safeguard; null when it only has to wait. */
export function explainNothing(
  safeguard: Safeguard,
  key: string,
  flag: Flag | undefined,
  isKilled: boolean,
  nowMs: number,
): string {
  const { environment, metric, test, deploy } = safeguard;
  if (flag === undefined)
    return `Environment "${environment}" serves no flag "${key}": it does not exist, or is archived.`;
  if (isKilled) return `${key} is killed: nothing of it is judged until it is re-armed.`;
  if (!flag.enabled) return `${key} is off in ${environment}: everyone is served "${flag.offVariant}".`;
  if (metric.kind === 'prometheus') return 'Nothing has come from Prometheus since this server began to look.';
  const { sides, hasSplit, spec } = dutiesOf(safeguard, flag);
  if (sides.length === 0) return `${key} has no variant but the one that others are compared with.`;
  const isNewest = deploy !== undefined && 'newest' in deploy;
  if (isNewest) {
    return `Nothing has come of ${key} from instances that say their version since this server began to look, or it cannot tell which version is newest.`;
  }
  if (isComparing(test) && !hasSplit) {
    return `No split of ${key} chooses between variants, so there is nothing to compare: only ceilings, burn rates and the crash test look.`;
  }
  if (spec.kind === 'sample_ratio') {
    if (flag.slices !== true) return WHY.no_slices('');
    if (!sides.some((each) => sharesOf(flag, each, spec, nowMs).length > 0)) {
      return `No split of ${key} stands still and serves both variants: while a ramp goes on, and a minute longer, ratios are not judged.`;
    }
    return `No subject was served ${key} by a split for the first time since this server began to look: does the code run it by \`flags.run\`, with a server key?`;
  }
  if (metric.kind === 'events' || metric.kind === 'values') {
    const name = metric.kind === 'events' ? metric.good : metric.event;
    return `No event "${name}" has come for ${key} since this server began to look: does the code track it with flags: ['${key}'], with a server key?`;
  }
  const path = 'path' in metric ? (metric.path ?? 'run') : 'run';
  return `Nothing has been measured of ${key}'s path "${path}" since this server began to look${HINTS[path] ?? '.'}`;
}

/** Why there is no flag that it could judge. */
export function explainNobody({ watch, environment }: Safeguard): string {
  if ('tag' in watch) return `No flag has the tag "${watch.tag}".`;
  return `Nothing has been measured in ${environment} since this server began to look: does the code run flags by \`flags.run\`, with a server key?`;
}

const HINTS: Readonly<Record<string, string>> = {
  run: ': does the code run it by `flags.run`, with a server key?',
  shadow: ': does the code run it by `flags.shadow`, with a server key?',
  current: ': does the code run it by `flags.shadow`, with a server key?',
  candidate: ': does the code run it by `flags.shadow`, with a server key?',
};

function describeSpan(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
