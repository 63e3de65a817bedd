import type { FastifyBaseLogger } from 'fastify';
import type { InstallationMeasurements } from '../measurements/installation-measurements.ts';
import { KEPT_MS } from '../measurements/measurements.ts';
import type { ReleaseFlag } from '../releases/spec.ts';
import { accuse } from './accuse.ts';
import { toLooks, type Versions } from './looks.ts';
import { beginTrial, hear, type Trial } from './trial.ts';

/** What is tried: a release that moves a deploy and flags. */
export interface BlameSubject {
  readonly releaseId: string;
  readonly environmentId: string;
  readonly flags: readonly ReleaseFlag[];
  readonly versions: Versions;
  /** Only what was measured from then on counts: since the present exposure is served. Milliseconds since 1970, UTC. */
  readonly sinceMs: number;
}

/** Who made it worse. */
export interface BlameFact {
  readonly guilty: 'flag' | 'deploy' | 'both';
  /** A sentence with numbers. */
  readonly reason: string;
  /** The line at which evidence convicts, as a natural logarithm. Absent, as `evidence` is: told by an earlier version. */
  readonly line?: number;
  /** Both comparisons of each flag that either convicted something by. */
  readonly evidence?: readonly BlameEvidence[];
}

/** What two comparisons saw while a release moved a flag and a deploy, from when the exposure was served. */
interface BlameEvidence {
  /** Key, and variants. */
  readonly flag: string;
  readonly candidate: string;
  readonly baseline: string;
  readonly comparisons: Trial['curves'];
}

export interface BlameDependencies {
  readonly measurements: Pick<InstallationMeasurements, 'readAll'>;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
}

/** What is measured reaches the servers within this, as a rule: what is later is heard by nobody, of both sides alike. */
const LATE_MS = 3_000;
const STEP_MS = 1_000;
/** So often servers are asked, at most. */
const EVERY_MS = 2_000;
/** Whom nobody asks about for so long is forgotten. */
const FORGET_MS = 10 * 60_000;

interface Case {
  readonly sinceMs: number;
  trials: readonly Trial[];
  /** All that was measured before is heard. */
  heardToMs: number;
  askedAtMs: number;
}

/**
 * Whether it is the deploy or a flag that makes it worse, while a release moves both: from the new version with the flag off
 * beside the old one, and the new version with the flag on beside it off. What it knows is made of what servers keep of
 * measurements, so whoever takes a release over finds the same.
 */
export class Blame {
  readonly #dependencies: BlameDependencies;
  /** By id of the release. */
  readonly #cases = new Map<string, Case>();

  constructor(dependencies: BlameDependencies) {
    this.#dependencies = dependencies;
  }

  /** Undefined: nobody is convicted. To be asked once a second. Never rejects. */
  async judge(subject: BlameSubject): Promise<BlameFact | undefined> {
    const { flags, releaseId, sinceMs } = subject;
    if (flags.length === 0) return undefined;
    const nowMs = this.#dependencies.now();
    let known = this.#cases.get(releaseId);
    if (known?.sinceMs !== sinceMs || known.trials.length !== flags.length) {
      known = { sinceMs, trials: flags.map(() => beginTrial(flags.length)), heardToMs: sinceMs, askedAtMs: 0 };
      this.#cases.set(releaseId, known);
    }
    if (Math.abs(nowMs - known.askedAtMs) >= EVERY_MS) {
      known.askedAtMs = nowMs;
      this.#forget(nowMs);
      await this.#hear(known, subject, nowMs);
    }
    return accuse(flags, subject.versions, known.trials);
  }

  async #hear(known: Case, { environmentId, flags, versions, releaseId }: BlameSubject, nowMs: number): Promise<void> {
    const { measurements, log } = this.#dependencies;
    // Whole seconds: what is kept begins with them.
    const fromMs = STEP_MS * Math.ceil(Math.max(known.heardToMs, nowMs - KEPT_MS.seconds) / STEP_MS);
    const toMs = STEP_MS * Math.floor((nowMs - LATE_MS) / STEP_MS);
    if (toMs <= fromMs) return;
    const by = ['variant', 'version', 'reason', 'rule', 'path'] as const;
    try {
      const readings = await Promise.all(
        flags.map(({ flag }) => measurements.readAll({ environmentId, flag, fromMs, toMs, stepMs: STEP_MS, by })),
      );
      // All of it or nothing: what fails half-way is heard again.
      const trials = flags.map((flag, at) =>
        toLooks(flag, versions, readings[at]?.paths ?? [], STEP_MS).reduce(
          (trial, look) => hear(flags.length, trial, look),
          known.trials[at] ?? beginTrial(flags.length),
        ),
      );
      known.trials = trials;
      known.heardToMs = toMs;
    } catch (error) {
      log.warn({ err: error, release: releaseId }, 'what was measured of a release could not be heard');
    }
  }

  #forget(nowMs: number): void {
    for (const [id, { askedAtMs }] of this.#cases) if (askedAtMs < nowMs - FORGET_MS) this.#cases.delete(id);
  }
}
