import type { Static } from '@sinclair/typebox';
import type { Environments } from '../environments/service.ts';
import { validationFailed } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { problemsOfGates } from './check-gates.ts';
import { findMissing } from './find-missing.ts';
import type { GateSubject } from './gate.ts';
import { isCounting, type Linted, lint } from './lint.ts';
import type { Means } from './measuring/look.ts';
import { demandOf } from './policy.ts';
import type { GateTrial, GateTrialAnswer, ReleaseLintSchema } from './run-schemas.ts';
import { toFacts } from './run-state.ts';
import { tryGate } from './trial.ts';
import { findUsual, type Usual } from './usual-traffic.ts';

interface EnvironmentPlace {
  readonly project: string;
  readonly environment: string;
}

/** A release as it is to be judged before it begins. */
export interface LintedRelease extends Linted {
  readonly flags: GateSubject['flags'];
  readonly traffic?: NonNullable<GateSubject['traffic']>;
  readonly migration?: NonNullable<GateSubject['migration']>;
}

interface TrialsDependencies {
  readonly environments: Environments;
  readonly means: Means;
  readonly now: () => number;
}

/** The share of good ones that is promised, unless someone says more. */
export const DEFAULT_OBJECTIVE = 0.999;

/** What gates would say, before a release rests on them. */
export class Trials {
  readonly #dependencies: TrialsDependencies;

  constructor(dependencies: TrialsDependencies) {
    this.#dependencies = dependencies;
  }

  /** Judges a gate now. Nothing is kept, and no job is run. */
  async try(
    place: EnvironmentPlace,
    { gate, flags = [], traffic, migration }: Static<typeof GateTrial>,
  ): Promise<Static<typeof GateTrialAnswer>> {
    const { means, now } = this.#dependencies;
    const half = { flagsPer100k: 50_000, trafficPer100k: 50_000, gates: [gate] };
    const problems = problemsOfGates({ flags, traffic, migration, stages: [half] });
    if (problems.length > 0) {
      throw validationFailed(
        problems.map(({ path, message }) => ({ path: path.replace('stages[0].gates[0]', 'gate'), message })),
      );
    }
    const subject = await this.#subjectOf(place, { flags, traffic, migration });
    if (gate.kind === 'job') {
      return { verdict: 'pending', reason: 'A job is not run to try it out.', asks: 'hold', looks: [] };
    }
    const { state, measurements } = await tryGate(gate, subject, means, now);
    return {
      ...{ verdict: state.verdict, reason: state.reason },
      asks: demandOf(toFacts(gate, state), { nowMs: now(), isOver: false }),
      looks: measurements.map(({ fromMs, toMs, ...measurement }) => {
        return { from: toTimestamp(fromMs), to: toTimestamp(toMs), ...measurement };
      }),
    };
  }

  /** What a release can and cannot see on its way, with the traffic that there is. */
  async lint(
    place: EnvironmentPlace,
    release: LintedRelease,
    objective = DEFAULT_OBJECTIVE,
  ): Promise<Omit<Static<typeof ReleaseLintSchema>, 'pointsOfNoReturn'>> {
    const { environments, means, now } = this.#dependencies;
    const subject = await this.#subjectOf(place, release);
    const gates = [...release.stages.flatMap(({ gates: own = [] }) => own), ...(release.watch ?? [])].filter(
      isCounting,
    );
    const usual = new Map<(typeof gates)[number], Usual>();
    // One that is looked for in several stages has the same traffic in each.
    const asked = new Map<string, Promise<Usual>>();
    const lookFor = async (gate: (typeof gates)[number]) => {
      const key = JSON.stringify([gate.kind, 'of' in gate ? gate.of : gate.flag]);
      const found = asked.get(key) ?? findUsual(gate, subject, means, now);
      asked.set(key, found);
      usual.set(gate, await found);
    };
    // At once: what is slow is waited for once, and not for each gate.
    await Promise.all(gates.map(lookFor));
    const { environment } = await environments.find(place.project, place.environment);
    const missing = await findMissing(release, subject, environment.project_id, means);
    const { stages, falseAbortRisk, budgetShare, problems } = lint(release, usual, objective);
    return {
      stages: stages.map((stage) => ({
        stage: stage.stage ?? null,
        budgetShare: stage.budgetShare ?? null,
        gates: stage.gates.map(({ gate, power, sentence }) => ({
          gate,
          sees: power?.sees === undefined ? null : { ratio: power.sees.ratio, rate: power.sees.rate },
          requests: power?.requests ?? null,
          sentence,
        })),
      })),
      ...{ falseAbortRisk, budgetShare, objective, problems: [...missing, ...problems] },
    };
  }

  async #subjectOf(
    { project, environment: key }: EnvironmentPlace,
    about: Pick<LintedRelease, 'flags'> & { readonly [K in 'traffic' | 'migration']?: LintedRelease[K] | undefined },
  ): Promise<Omit<GateSubject, 'gates' | 'enteredAtMs'>> {
    const { environment } = await this.#dependencies.environments.find(project, key);
    return {
      ...{ releaseId: 'none', project, environment: key, environmentId: environment.id, attempt: 1, stage: 0 },
      ...{ flags: about.flags, traffic: about.traffic, migration: about.migration },
    };
  }
}
