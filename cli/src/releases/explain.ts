import { clockOf, type Output } from '../output.ts';
import type { Release, ReleaseDecision } from './calls.ts';

/** Says where a release is, why it does not go on, and how it came there. */
export function explain(release: Release, decisions: readonly ReleaseDecision[], output: Output): void {
  const { id, title, environment, phase, stage, stages, flags, traffic, trafficPer100k, waiting, pauses, approvedBy } =
    release;
  output.result(`${title} (${id}) in ${environment}: ${phase.replace('_', ' ')}`);
  if (phase === 'progressing') output.result(`  stage ${stage + 1} of ${stages.length}`);
  for (const { flag, candidate, baseline, weightPer100k } of flags) {
    const share = weightPer100k === null ? 'something else is served' : `${weightPer100k / 1_000} %`;
    output.result(`  ${flag}: ${candidate} ${share}, else ${baseline}`);
  }
  if (traffic !== undefined) {
    const share = trafficPer100k === null ? 'not known' : `${trafficPer100k / 1_000} %`;
    output.result(`  ${traffic.target}: ${traffic.candidate} ${share}, else ${traffic.baseline}`);
  }
  for (const { by, reason, since } of pauses) output.result(`  paused since ${clockOf(since)} by ${by}: ${reason}`);
  for (const sentence of waiting) output.result(`  waits: ${sentence}`);
  if (approvedBy.length > 0) output.result(`  approved by ${approvedBy.length}`);
  for (const { at, decision, by } of decisions) output.result(`  ${clockOf(at)}  ${decision}  [${by.name}]`);
}

/** One line for each. */
export function list(releases: readonly Release[], output: Output): void {
  for (const { id, environment, phase, title } of releases) {
    output.result([id, environment, phase.replace('_', ' '), title].join('\t'));
  }
}
