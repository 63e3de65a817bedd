import type { FastifyBaseLogger } from 'fastify';
import type { TestSpec } from '../evidence/test-spec.ts';
import type { Verdict as Finding } from '../evidence/verdict.ts';
import type { Outcome } from '../interventions/intervention.ts';
import type { Interventions } from '../interventions/interventions.ts';
import { newId } from '../store/new-id.ts';
import { VERSION } from '../version.ts';
import type { Sides } from './arms.ts';
import { summarize, sumOf } from './describe.ts';
import { findFirstBad, Judge } from './judge.ts';
import type { SafeguardMetrics } from './metrics.ts';
import type { Outliers } from './outliers.ts';
import type { Safeguard } from './safeguard.ts';
import type { Step } from './step.ts';
import type { VerdictDocument } from './verdict.ts';
import type { VerdictStore } from './verdict-store.ts';

/** After a verdict that left the flag on, it looks again so much later, in milliseconds. */
const REST_MS = 10 * 60_000;
/** What could not be done is asked for again so much later, in milliseconds. */
const AGAIN_MS = 30_000;

export interface CaseOf {
  readonly safeguard: Safeguard;
  readonly flag: string;
  readonly sides: Sides;
  /** Id of the rule whose split is looked at; empty: the default rule; null: whatever serves it. */
  readonly rule: string | null;
  readonly spec: TestSpec;
}

interface CaseDependencies {
  readonly interventions: Pick<Interventions, 'act'>;
  readonly outliers: Pick<Outliers, 'find'>;
  readonly verdicts: Pick<VerdictStore, 'add'>;
  readonly metrics: Pick<SafeguardMetrics, 'verdicts'>;
  readonly log: FastifyBaseLogger;
  readonly server: string;
  readonly now: () => number;
}

/** One variant of one flag under one safeguard: judged, until the evidence is enough; then acted on and recorded. */
export class Case {
  readonly safeguard: Safeguard;
  readonly flag: string;
  readonly sides: Sides;
  readonly rule: string | null;
  readonly #dependencies: CaseDependencies;
  #judge: Judge;
  /** By `performance.now()`. */
  #restsUntilMs = 0;
  #failedAtMs: number | undefined;
  /** When the candidate ran last, by `performance.now()`. */
  #seenMs = performance.now();

  constructor({ safeguard, flag, sides, rule, spec }: CaseOf, dependencies: CaseDependencies) {
    this.safeguard = safeguard;
    this.flag = flag;
    this.sides = sides;
    this.rule = rule;
    this.#dependencies = dependencies;
    this.#judge = new Judge(spec);
  }

  get spec(): TestSpec {
    return this.#judge.spec;
  }

  get finding(): Finding {
    return this.#judge.verdict;
  }

  get steps(): readonly Step[] {
    return this.#judge.steps;
  }

  /** When it failed, while it rests because of that. */
  get failedAtMs(): number | undefined {
    return this.restMs > 0 ? this.#failedAtMs : undefined;
  }

  /** How long it still rests after a verdict. */
  get restMs(): number {
    return Math.max(0, this.#restsUntilMs - performance.now());
  }

  /** For how long the candidate has had no traffic. */
  get idleMs(): number {
    return performance.now() - this.#seenMs;
  }

  isOf(environmentId: string, flag: string): boolean {
    return this.safeguard.environmentId === environmentId && this.flag === flag;
  }

  /** False: it judges what is not asked for any more. */
  isFor(safeguard: Safeguard, sides: Sides, spec: TestSpec): boolean {
    return (
      this.safeguard.version === safeguard.version &&
      JSON.stringify([this.sides, this.spec]) === JSON.stringify([sides, spec])
    );
  }

  take(step: Step): void {
    if (step.candidate[0] > 0) this.#seenMs = performance.now();
    if (this.restMs > 0) return;
    let finding: Finding;
    try {
      finding = this.#judge.take(step);
    } catch (error) {
      this.#dependencies.log.error(
        { err: error, safeguard: this.safeguard.id, flag: this.flag },
        'a step cannot be judged',
      );
      return;
    }
    if (finding.verdict !== 'failed') return;
    this.#fail(finding).catch((error) => {
      this.#dependencies.log.error({ err: error, safeguard: this.safeguard.id, flag: this.flag }, 'a verdict was lost');
    });
  }

  /** Acts first, then records. */
  async #fail(finding: Finding): Promise<void> {
    const { safeguard, flag, sides, spec } = this;
    const { action, mode, project, environment } = safeguard;
    const { steps } = this;
    // From here on what comes is judged by a new test, once it has rested.
    this.#restsUntilMs = performance.now() + REST_MS;
    this.#failedAtMs = this.#dependencies.now();
    this.#judge = new Judge(spec);
    const firstBadAtMs = findFirstBad(spec, steps);
    const summary = summarize(flag, sides, { metric: safeguard.metric, test: spec }, steps, finding);
    const id = newId(this.#failedAtMs);
    const { logE = null, threshold = null } = finding;
    const outcomes = await this.#dependencies.interventions.act({
      cause: {
        ...{ kind: 'safeguard', id: safeguard.id, name: safeguard.name },
        actor: { kind: 'safeguard', id: safeguard.id, name: safeguard.name },
        ...{ summary, detectedAtMs: this.#failedAtMs, receivedAtMs: this.#failedAtMs },
        ...(firstBadAtMs === undefined ? {} : { firstBadAtMs }),
        evidence: { verdict: id, test: spec, logE, threshold, ...sumOf(steps, spec) },
      },
      ...{ action, mode, targets: [{ project, environment, flag }] },
    });
    this.#restAfter(outcomes);
    this.#dependencies.metrics.verdicts.inc({ action, mode });
    this.#dependencies.log.warn(
      { project, environment, flag, verdict: id, summary, action, mode },
      'a safeguard failed',
    );
    const document = this.#toDocument(id, summary, firstBadAtMs ?? null, finding, steps, outcomes);
    const alone = await this.#dependencies.outliers.find(safeguard, flag, sides, document);
    this.#dependencies.verdicts.add({
      place: safeguard,
      document: alone === undefined ? document : { ...document, alone },
    });
  }

  #restAfter(outcomes: readonly Outcome[]): void {
    const again = outcomes.find(({ result }) => result === 'cooling_down' || result === 'failed');
    if (again === undefined) return;
    const waitMs = again.againAtMs === undefined ? AGAIN_MS : again.againAtMs - this.#dependencies.now();
    this.#restsUntilMs = performance.now() + Math.min(REST_MS, Math.max(0, waitMs));
  }

  #toDocument(
    id: string,
    summary: string,
    firstBadAtMs: number | null,
    finding: Finding,
    steps: readonly Step[],
    outcomes: readonly Outcome[],
  ): VerdictDocument {
    const { safeguard, flag, sides, rule, spec } = this;
    const isCompared = steps.some(({ baseline }) => baseline !== undefined);
    return {
      ...{ id, atMs: this.#failedAtMs ?? this.#dependencies.now() },
      safeguard: { id: safeguard.id, name: safeguard.name, version: safeguard.version },
      ...{ flag, variant: sides.candidate, baseline: isCompared && !sides.deploy?.isCompared ? sides.baseline : null },
      ...(sides.deploy === undefined ? {} : { deploy: sides.deploy }),
      rule,
      ...{ metric: safeguard.metric, test: spec, action: safeguard.action, mode: safeguard.mode },
      ...{ summary, firstBadAtMs, finding, steps },
      outcomes: outcomes.map(({ action, result, reason }) => ({ action, result, reason })),
      ...{ server: this.#dependencies.server, code: VERSION },
    };
  }
}
