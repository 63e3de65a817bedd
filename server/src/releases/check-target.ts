import { type Problem, validationFailed } from '../http/api-error.ts';
import type { TrafficTargets } from '../traffic/targets.ts';
import { type TrafficCapabilities, TrafficError } from '../traffic/traffic-target.ts';
import type { Spec } from './spec.ts';

/** @throws {ApiError} `validation_failed` where the traffic target is not there, or cannot do what the release needs */
export async function refuseUnfit(
  targets: Pick<TrafficTargets, 'open'>,
  environment: { readonly id: string; readonly key: string },
  spec: Spec,
): Promise<void> {
  if (spec.traffic === undefined) return;
  const path = 'traffic.target';
  const { target: key } = spec.traffic;
  try {
    const target = await targets.open(environment.id, key);
    if (target === undefined) {
      throw validationFailed([
        { path, message: `there is no traffic target "${key}" in ${environment.key}: make it first` },
      ]);
    }
    const { capabilities } = target;
    await target.close();
    const problems = findLacks(spec, capabilities);
    if (problems.length > 0) throw validationFailed(problems);
  } catch (error) {
    if (error instanceof TrafficError) throw validationFailed([{ path, message: error.message }]);
    throw error;
  }
}

/** What a release asks of a traffic target that cannot do it. */
export function findLacks(
  { needs = [], stages, traffic }: Pick<Spec, 'needs' | 'stages' | 'traffic'>,
  capabilities: TrafficCapabilities,
): Problem[] {
  const name = `Traffic target "${traffic?.target}"`;
  const problems: Problem[] = needs.flatMap((need, at) =>
    capabilities[need]
      ? []
      : [{ path: `needs[${at}]`, message: `${name} cannot do "${need}": choose another, or do without` }],
  );
  const { granularityPer100k: step } = capabilities;
  for (const [at, { trafficPer100k = 0, shadowPer100k = 0 }] of stages.entries()) {
    if (shadowPer100k > 0 && !capabilities.shadow) {
      problems.push({ path: `stages[${at}].shadowPer100k`, message: `${name} cannot copy requests: choose another` });
    }
    if (trafficPer100k % step !== 0) {
      const near = Math.round(trafficPer100k / step) * step;
      const message = `${name} sets weights in steps of ${step}: write ${near}`;
      problems.push({ path: `stages[${at}].trafficPer100k`, message });
    }
  }
  return problems;
}
