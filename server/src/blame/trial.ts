import { thresholdOf } from '../evidence/e-process.ts';
import { advance, newTest, type TestState, verdictOf } from '../evidence/evidence.ts';
import type { TestSpec } from '../evidence/test-spec.ts';
import type { Arm, Arms, Window } from '../evidence/window.ts';
import { addPoint, type CurvePoint } from './curve.ts';

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
  readonly curves: { readonly [K in Comparison]: readonly CurvePoint[] };
}

/** What is compared: in the new version the flag's candidate with its baseline, or with the baseline both versions. */
type Comparison = 'flag' | 'deploy';

export interface Guilt {
  readonly flag: boolean;
  readonly deploy: boolean;
}

const NOBODY: Required<Arms> = { candidate: { count: 0, bad: 0 }, baseline: { count: 0, bad: 0 } };

/** @param flags how many a release has: alpha is shared by them */
export function beginTrial(flags: number): Trial {
  const { flag, deploy } = specsOf(flags);
  const [sums, curves] = [
    { flag: NOBODY, deploy: NOBODY },
    { flag: [], deploy: [] },
  ];
  return { flag: newTest(flag), deploy: newTest(deploy), sums, curves };
}

/** @throws {InvalidEvidence} when a number cannot have been counted */
export function hear(flags: number, { sums, curves, ...tests }: Trial, look: Look): Trial {
  const { startMs, endMs } = look;
  const specs = specsOf(flags);
  const hearOne = (of: Comparison) => {
    const test = advance(specs[of], tests[of], { startMs, endMs, ...look[of] });
    return { test, curve: addPoint(curves[of], endMs, look[of], verdictOf(specs[of], test).logE) };
  };
  const [flag, deploy] = [hearOne('flag'), hearOne('deploy')];
  return {
    ...{ flag: flag.test, deploy: deploy.test },
    sums: { flag: addArms(sums.flag, look.flag), deploy: addArms(sums.deploy, look.deploy) },
    curves: { flag: flag.curve, deploy: deploy.curve },
  };
}

/** The line at which either comparison convicts, as `logE` has it. @param flags how many a release has */
export function lineOf(flags: number): number {
  return thresholdOf(alphaOf(flags));
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
  const alpha = alphaOf(flags);
  return {
    flag: { kind: 'relative_risk', alpha, tolerance: 1 },
    deploy: { kind: 'relative_risk', alpha, tolerance: DEPLOY_TOLERANCE },
  };
}

function alphaOf(flags: number): number {
  return ALPHA / (2 * flags);
}

function addArms(a: Required<Arms>, b: Required<Arms>): Required<Arms> {
  return { candidate: addArm(a.candidate, b.candidate), baseline: addArm(a.baseline, b.baseline) };
}

function addArm(a: Arm, b: Arm): Arm {
  return { count: a.count + b.count, bad: a.bad + b.bad };
}
