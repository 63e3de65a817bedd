import { BUCKET_COUNT } from '@bunting/core';
import type { Problem } from '../http/api-error.ts';
import { isComparing } from '../safeguards/sides.ts';
import { checkCounts } from './check-counts.ts';
import type { Gate, GateOf } from './gate.ts';
import { readCalendar } from './kinds/calendar.ts';

/** As much of a release as its gates rest on. */
export interface Gated {
  readonly flags: readonly { readonly flag: string }[];
  readonly traffic?: object | undefined;
  readonly migration?: object | undefined;
  readonly stages: readonly GatedStage[];
  readonly watch?: readonly Gate[];
}

interface GatedStage {
  readonly flagsPer100k: number;
  readonly trafficPer100k?: number;
  readonly maxSeconds?: number;
  readonly gates?: readonly Gate[];
}

/** Notes a problem at a field of a gate. */
export type Say = (path: string, message: string) => void;

/** Every gate of a release, with its place in it. */
export function placesOfGates({ stages, watch = [] }: Pick<Gated, 'stages' | 'watch'>) {
  const ofStages = stages.flatMap(({ gates = [] }, stage) =>
    gates.map((gate, at) => ({ gate, stage, path: `stages[${stage}].gates[${at}]` })),
  );
  return [...ofStages, ...watch.map((gate, at) => ({ gate, stage: undefined, path: `watch[${at}]` }))];
}

/** What of a release's gates can never work, with the place and the fix. */
export function problemsOfGates(release: Gated): Problem[] {
  const problems: Problem[] = [];
  for (const { gate, stage, path } of placesOfGates(release)) {
    const say: Say = (field, message) => problems.push({ path: `${path}.${field}`, message });
    const beside = stage === undefined ? (release.watch ?? []) : (release.stages[stage]?.gates ?? []);
    if (beside.some((other) => other !== gate && other.name === gate.name))
      say('name', 'must be another one beside each other');
    checkKind(gate, release, say);
    if (release.traffic === undefined && /\$(candidate|baseline)\b/.test(JSON.stringify(gate))) {
      say('kind', 'names $candidate or $baseline: those are the versions of traffic, which the release does not move');
    }
    if (stage !== undefined) checkMoment(gate, release.stages[stage], say);
  }
  return problems;
}

function checkKind(gate: Gate, release: Gated, say: Say): void {
  switch (gate.kind) {
    case 'prometheus':
      checkBounds(gate, say);
      break;
    case 'mann_whitney':
      if (gate.query === gate.baseline) say('baseline', 'must ask for something else than query');
      break;
    case 'sequential':
    case 'burn_rate':
    case 'sample_ratio':
      checkCounts(gate, release, say);
      break;
    case 'migration':
      if (gate.plan === undefined && release.migration === undefined) {
        say('plan', 'is needed: the release has no migration');
      }
      break;
    case 'calendar':
      checkCalendar(gate, say);
      break;
    default:
  }
}

function checkBounds({ atLeast, atMost, baseline, compare }: GateOf<'prometheus'>, say: Say): void {
  if (atLeast === undefined && atMost === undefined) say('atMost', 'or atLeast is needed: say what is good');
  if (atLeast !== undefined && atMost !== undefined && atLeast > atMost) say('atLeast', 'must be at most atMost');
  if (compare !== undefined && baseline === undefined) say('baseline', 'is needed to compare with');
}

function checkCalendar(gate: GateOf<'calendar'>, say: Say): void {
  if (gate.from !== undefined && gate.from === gate.to)
    say('to', 'must be another time than from: else it never opens');
  try {
    readCalendar(gate, 0);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    say('timeZone', 'is no time zone: give one such as Europe/Berlin');
  }
}

/** What is out in the stage decides what its gates can see. */
function checkMoment(gate: Gate, stage: GatedStage | undefined, say: Say): void {
  if (stage === undefined) return;
  const { onInconclusive = 'hold' } = gate;
  if (onInconclusive !== 'hold' && stage.maxSeconds === undefined) {
    say('onInconclusive', 'needs maxSeconds of the stage, which says when its time is over');
  }
  const share = shareOf(gate, stage);
  if (share === 0) say('of', 'sees nothing: nobody gets the candidate in this stage');
  if (
    share === BUCKET_COUNT &&
    (gate.kind === 'sample_ratio' || (gate.kind === 'sequential' && isComparing(gate.test)))
  ) {
    say(
      gate.kind === 'sequential' ? 'test.kind' : 'kind',
      'compares with a baseline that nobody is served in this stage: choose crash, ceiling or burn_rate',
    );
  }
}

/** The candidate's share of what a gate counts, in 1/100 000; undefined: it counts something else. */
function shareOf(gate: Gate, { flagsPer100k, trafficPer100k = 0 }: GatedStage): number | undefined {
  if (gate.kind === 'sample_ratio') return flagsPer100k;
  if (gate.kind !== 'sequential' && gate.kind !== 'burn_rate') return undefined;
  const { of } = gate;
  if (of.kind === 'traffic' || (of.kind === 'flag' && of.by === 'version')) return trafficPer100k;
  return of.kind === 'flag' ? flagsPer100k : undefined;
}

/** The data sources that gates read, each with its place. */
export function sourcesOfGates(
  release: Pick<Gated, 'stages' | 'watch'>,
): { readonly path: string; readonly source: string }[] {
  return placesOfGates(release).flatMap(({ gate, path }) => {
    if ('source' in gate) return [{ path: `${path}.source`, source: gate.source }];
    return 'of' in gate && 'source' in gate.of ? [{ path: `${path}.of.source`, source: gate.of.source }] : [];
  });
}
