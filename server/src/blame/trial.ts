import { advance, newTest, type TestState, verdictOf } from '../evidence/evidence.ts';
import type { TestSpec } from '../evidence/test-spec.ts';
import type { Arm, Arms, Window } from '../evidence/window.ts';

/** The chance that an innocent is ever accused in a release, of either kind and over all of its flags. */
const ALPHA = 0.01;
/** Instances of a new version are cold, and serve whom they are given: so many times as bad is no guilt of a deploy yet. */
const DEPLOY_TOLERANCE = 1.5;

/** What was counted of one flag in a stretch of time. */
export interface Look extends Pick<Window, 'startMs' | 'endMs'> {
  /** In the new version: the flag's candidate and its baseline, as one split drew them. */
  readonly flag: Required<Arms>;
  /** With the flag's baseline: the new version and the old one. */
  readonly deploy: Required<Arms>;
}

/** What is known of one flag of a release. Small JSON. */
export interface Trial {
  readonly flag: TestState;
  readonly deploy: TestState;
  /** Of all looks. */
  readonly sums: Pick<Look, 'flag' | 'deploy'>;
}

export interface Guilt {
  readonly flag: boolean;
  readonly deploy: boolean;
}

const NOBODY: Required<Arms> = { candidate: { count: 0, bad: 0 }, baseline: { count: 0, bad: 0 } };

/** @param flags how many a release has: alpha is shared by them */
export function beginTrial(flags: number): Trial {
  const { flag, deploy } = specsOf(flags);
  return { flag: newTest(flag), deploy: newTest(deploy), sums: { flag: NOBODY, deploy: NOBODY } };
}

/** @throws {InvalidEvidence} when a number cannot have been counted */
export function hear(flags: number, { flag, deploy, sums }: Trial, look: Look): Trial {
  const { startMs, endMs } = look;
  const specs = specsOf(flags);
  return {
    flag: advance(specs.flag, flag, { startMs, endMs, ...look.flag }),
    deploy: advance(specs.deploy, deploy, { startMs, endMs, ...look.deploy }),
    sums: { flag: addArms(sums.flag, look.flag), deploy: addArms(sums.deploy, look.deploy) },
  };
}

export function judgeTrial(flags: number, { flag, deploy }: Trial): Guilt {
  const specs = specsOf(flags);
  return {
    flag: verdictOf(specs.flag, flag).verdict === 'failed',
    deploy: verdictOf(specs.deploy, deploy).verdict === 'failed',
  };
}

/**
 * Two tests for each flag, each valid however often one looks. What was seen of the flag is relative to the same version, and
 * of the deploy to the same variant, so what both share accuses neither.
 */
function specsOf(flags: number): { readonly flag: TestSpec; readonly deploy: TestSpec } {
  const alpha = ALPHA / (2 * flags);
  return {
    flag: { kind: 'relative_risk', alpha, tolerance: 1 },
    deploy: { kind: 'relative_risk', alpha, tolerance: DEPLOY_TOLERANCE },
  };
}

function addArms(a: Required<Arms>, b: Required<Arms>): Required<Arms> {
  return { candidate: addArm(a.candidate, b.candidate), baseline: addArm(a.baseline, b.baseline) };
}

function addArm(a: Arm, b: Arm): Arm {
  return { count: a.count + b.count, bad: a.bad + b.bad };
}
