import { BUCKET_COUNT } from '@bunting/core';
import { problemsOfGates } from '../gates/check-gates.ts';
import { type Problem, validationFailed } from '../http/api-error.ts';
import { comparePhases } from '../migration-plans/phase.ts';
import { PARTIAL, type Spec, type Stage, type Strategy } from './spec.ts';

type Say = (path: string, message: string) => void;

/** @throws {ApiError} `validation_failed`, with all that cannot work whatever there is in the environment */
export function refuseUnworkable(spec: Spec): void {
  const problems = problemsOfSpec(spec);
  if (problems.length > 0) throw validationFailed(problems);
}

/** What can never work, with the place and the fix. */
export function problemsOfSpec(spec: Spec): Problem[] {
  const problems: Problem[] = [];
  const say: Say = (path, message) => problems.push({ path, message });
  checkParts(spec, say);
  for (const at of spec.stages.keys()) checkStage(spec, at, say);
  if (!PARTIAL.includes(spec.strategy)) checkEnd(spec, say);
  checkFlags(spec, say);
  problems.push(...problemsOfGates(spec));
  return problems;
}

/** Three heartbeats. */
const LEAST_LEASE_SECONDS = 45;

/** What a strategy lives from. */
const NEEDED: Readonly<Record<Strategy, 'flags' | 'traffic' | 'migration'>> = {
  flag_only: 'flags',
  ab_test: 'flags',
  canary: 'traffic',
  blue_green: 'traffic',
  rolling: 'traffic',
  dark_launch: 'traffic',
  hot_patch: 'traffic',
  migration: 'migration',
};
const MISSING = {
  flags: 'needs a flag at least: name what it exposes',
  traffic: 'needs traffic: name the target and its two versions; to move flags alone, choose flag_only',
  migration: 'needs a migration: name its plan',
} as const;

function checkParts({ strategy, flags, traffic, migration, needs, stages, leaseSeconds }: Spec, say: Say): void {
  const part = NEEDED[strategy];
  if (part === 'flags' ? flags.length === 0 : (part === 'traffic' ? traffic : migration) === undefined) {
    say(part, MISSING[part]);
  }
  if (strategy === 'flag_only') {
    if (traffic !== undefined) say('traffic', 'is not moved by flag_only: choose canary, or leave it out');
    if (migration !== undefined) say('migration', 'is not moved by flag_only: choose migration, or leave it out');
  }
  if (strategy === 'dark_launch' && !stages.some(({ shadowPer100k = 0 }) => shadowPer100k > 0)) {
    say('stages', 'must copy traffic to the candidate at some time: give one shadowPer100k');
  }
  if (traffic !== undefined && traffic.candidate === traffic.baseline) {
    say('traffic.baseline', 'must be another version than the candidate');
  }
  if (leaseSeconds !== undefined && leaseSeconds < LEAST_LEASE_SECONDS && flags.length > 0) {
    say(
      'leaseSeconds',
      `must be at least ${LEAST_LEASE_SECONDS} where there are flags: SDKs hear of servers every 15 s`,
    );
  }
  if (needs !== undefined && needs.length > 0 && traffic === undefined) {
    say('needs', 'is what a traffic target must be able to do: there is no traffic');
  }
}

function checkStage({ flags, traffic, migration, stages }: Spec, at: number, say: Say): void {
  const [stage, before] = [stages[at], stages[at - 1]];
  if (stage === undefined) return;
  const place = (field: keyof Stage) => `stages[${at}].${field}`;
  const { flagsPer100k, trafficPer100k, shadowPer100k = 0, migrationPhase, soakSeconds, maxSeconds, onLate } = stage;
  for (const field of ['flagsPer100k', 'trafficPer100k'] as const) {
    const least = before?.[field] ?? 0;
    if ((stage[field] ?? 0) < least) say(place(field), `must be at least ${least}, that of the stage before`);
  }
  if (flagsPer100k > 0 && flags.length === 0) say(place('flagsPer100k'), 'moves nothing: the release has no flags');
  if (trafficPer100k !== undefined && traffic === undefined) {
    say(place('trafficPer100k'), 'moves nothing: the release has no traffic');
  }
  if (shadowPer100k > 0 && traffic === undefined) {
    say(place('shadowPer100k'), 'copies nothing: the release has no traffic');
  }
  if (trafficPer100k !== undefined && traffic !== undefined && flagsPer100k > trafficPer100k) {
    say(
      place('flagsPer100k'),
      `must be at most trafficPer100k (${trafficPer100k}): only the candidate version knows what the flags turn on`,
    );
  }
  if (migrationPhase !== undefined && migration === undefined) {
    say(place('migrationPhase'), 'moves nothing: the release has no migration');
  }
  const phaseBefore = before?.migrationPhase ?? 'baseline';
  if (migrationPhase !== undefined && comparePhases(migrationPhase, phaseBefore) < 0) {
    say(place('migrationPhase'), `must be ${phaseBefore} or later: the stage before is there`);
  }
  if (migrationPhase === 'stop_old_write' && at > 0 && comparePhases(phaseBefore, 'read_only_new') < 0) {
    say(place('migrationPhase'), 'is a step of its own: go to read_only_new in a stage before it, and watch that');
  }
  if (migrationPhase === 'contract' && (flags.length > 0 || traffic !== undefined || at > 0)) {
    say(place('migrationPhase'), 'removes what is old for good: make it a release of its own, with this one stage');
  }
  if (doesNothing(stage, before)) {
    say(`stages[${at}]`, 'does what the stage before does: raise a share, or let it wait for gates or approvals');
  }
  if (maxSeconds !== undefined && maxSeconds < soakSeconds) {
    say(place('maxSeconds'), `must be at least soakSeconds (${soakSeconds}): else it is always late`);
  }
  if (onLate !== undefined && maxSeconds === undefined) {
    say(place('onLate'), 'needs maxSeconds, which says from when on it is late');
  }
}

function doesNothing(stage: Stage, before: Stage | undefined): boolean {
  return (
    stage.flagsPer100k === (before?.flagsPer100k ?? 0) &&
    (stage.trafficPer100k ?? 0) === (before?.trafficPer100k ?? 0) &&
    (stage.shadowPer100k ?? 0) === (before?.shadowPer100k ?? 0) &&
    (stage.migrationPhase ?? 'baseline') === (before?.migrationPhase ?? 'baseline') &&
    (stage.approvals ?? 0) === 0 &&
    (stage.gates ?? []).length === 0
  );
}

function checkEnd({ flags, traffic, stages }: Spec, say: Say): void {
  const [last, at] = [stages.at(-1), stages.length - 1];
  if (flags.length > 0 && last?.flagsPer100k !== BUCKET_COUNT) {
    say(`stages[${at}].flagsPer100k`, `must be ${BUCKET_COUNT}: the last stage is everyone`);
  }
  if (traffic !== undefined && last?.trafficPer100k !== BUCKET_COUNT) {
    say(`stages[${at}].trafficPer100k`, `must be ${BUCKET_COUNT}: the last stage is all requests`);
  }
}

function checkFlags({ flags }: Spec, say: Say): void {
  const seen = new Set<string>();
  for (const [at, { flag, candidate, baseline }] of flags.entries()) {
    if (candidate === baseline) say(`flags[${at}].baseline`, 'must be another variant than the candidate');
    if (seen.has(flag)) say(`flags[${at}].flag`, 'is there twice; a flag has one place in a release');
    seen.add(flag);
  }
}
