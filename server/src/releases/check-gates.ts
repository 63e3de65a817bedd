import type { Gate } from '../gates/gate.ts';
import type { Problem } from '../http/api-error.ts';
import type { Exposure, Spec } from './spec.ts';

/** Gates that could never say anything, with the fix. Whether what they ask is there is seen by `findSources`. */
export function checkGates(spec: Spec): Problem[] {
  const { stages, watch = [] } = spec;
  return [
    ...stages.flatMap(({ gates = [], maxSeconds, ...out }, at) =>
      checkList(spec, gates, `stages[${at}].gates`, { out, hasEnd: maxSeconds !== undefined }),
    ),
    ...checkList(spec, watch, 'watch', { hasEnd: true }),
  ];
}

interface Moment {
  /** What is out while they look; undefined: it changes. */
  readonly out?: Exposure;
  readonly hasEnd: boolean;
}

function checkList(spec: Spec, gates: readonly Gate[], path: string, moment: Moment): Problem[] {
  return gates.flatMap((gate, at) => {
    const place = `${path}[${at}]`;
    const isTwice = gates.findIndex(({ name }) => name === gate.name) < at;
    const twice = { path: `${place}.name`, message: `"${gate.name}" is there twice: name each for what it asks` };
    return [...(isTwice ? [twice] : []), ...checkOne(spec, gate, place, moment)];
  });
}

function checkOne({ flags, traffic, migration }: Spec, gate: Gate, path: string, { out, hasEnd }: Moment): Problem[] {
  const problems: Problem[] = [];
  const say = (field: string, message: string) => problems.push({ path: `${path}${field}`, message });
  if (gate.onInconclusive !== undefined && gate.onInconclusive !== 'hold' && !hasEnd) {
    say('.onInconclusive', 'needs maxSeconds of the stage, which says when its time is over');
  }
  const counted = countedOf(gate);
  if (counted === 'traffic' && traffic === undefined) say('.of', 'counts what the release does not move: traffic');
  if (counted === 'flag' && flags.length === 0) say('', 'counts what the release does not move: flags');
  if (counted === 'traffic' && out?.trafficPer100k === 0) {
    say('', 'sees nothing: the candidate gets no traffic at this stage');
  }
  if (counted === 'flag' && flags.length > 0 && out?.flagsPer100k === 0) {
    say('', 'sees nothing: nobody is served the candidate at this stage');
  }
  const flag = 'of' in gate ? ('flag' in gate.of ? gate.of.flag : undefined) : 'flag' in gate ? gate.flag : undefined;
  if (counted === 'flag' && flag !== undefined && !flags.some((one) => one.flag === flag)) {
    say('', `is about flag "${flag}", which is not in the release`);
  }
  if (traffic === undefined && /\$(candidate|baseline)\b/.test(JSON.stringify(gate))) {
    say('', 'names $candidate or $baseline: those are the versions of traffic, which the release does not move');
  }
  if (gate.kind === 'migration' && gate.plan === undefined && migration === undefined) {
    say('.plan', 'must name a migration plan: the release has none');
  }
  if (gate.kind === 'prometheus' && gate.atLeast === undefined && gate.atMost === undefined) {
    say('', 'passes whatever it reads: give it atLeast or atMost');
  }
  return problems;
}

/** What of the release a gate counts; undefined: something else, or what it says itself. */
function countedOf(gate: Gate): 'flag' | 'traffic' | undefined {
  if (gate.kind === 'sample_ratio') return 'flag';
  if (!('of' in gate) || gate.of.kind === 'prometheus' || gate.of.kind === 'mismatches') return undefined;
  return gate.of.kind === 'flag' && gate.of.by !== 'version'
    ? 'flag'
    : gate.of.kind === 'traffic'
      ? 'traffic'
      : undefined;
}

/** The data sources that gates read, each with its place. */
export function findSources({ stages, watch = [] }: Spec): { readonly path: string; readonly source: string }[] {
  const of = (gates: readonly Gate[], path: string) =>
    gates.flatMap((gate, at) => {
      const source = 'source' in gate ? gate.source : 'of' in gate && 'source' in gate.of ? gate.of.source : undefined;
      const field = 'source' in gate ? 'source' : 'of.source';
      return source === undefined ? [] : [{ path: `${path}[${at}].${field}`, source }];
    });
  return [...stages.flatMap(({ gates = [] }, at) => of(gates, `stages[${at}].gates`)), ...of(watch, 'watch')];
}
