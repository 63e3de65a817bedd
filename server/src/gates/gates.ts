import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { Counter, type Registry } from 'prom-client';
import { newId } from '../store/new-id.ts';
import type { GateRunRow } from '../store/tables/releases.ts';
import type { Database } from '../store/tables.ts';
import type { Gate, GateFacts, GateSubject } from './gate.ts';
import { LiveRun } from './live-run.ts';
import type { Means } from './measuring/look.ts';
import { findRuns, insertRun, WATCH_STAGE } from './repository.ts';
import { beginRun, toFacts } from './run-state.ts';

export interface GatesDependencies {
  readonly database: Database;
  readonly means: Means;
  readonly registry: Registry;
  readonly log: FastifyBaseLogger;
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
}

/** Who was not asked for so long may have lost the release to another server meanwhile: what is stored counts. */
const TRUST_MS = 3_000;
/** What nobody asks for is forgotten, in milliseconds. */
const FORGET_MS = 60_000;
/** So many gates look at the world at once; the others wait for the next time. */
const MAX_AT_ONCE = 50;
/** How long a look that does not heed its end is waited for, in milliseconds. */
const CLOSE_MS = 1_000;

/** Those of one stage. */
interface Judged {
  readonly runs: ReadonlyMap<string, LiveRun>;
  /** By `performance.now()`. */
  askedMs: number;
}

/**
 * Judges the gates of releases, for the server that looks after them. Looking at the world goes on beside: who asks is
 * told what is known, and waits for nobody but the database.
 */
export class Gates {
  readonly #dependencies: GatesDependencies;
  readonly #closing = new AbortController();
  /** By release, attempt and stage. */
  readonly #judged = new Map<string, Judged>();
  /** Looks that are under way. */
  readonly #looking = new Set<Promise<void>>();
  readonly #looks: Counter<'kind' | 'result'>;

  constructor(dependencies: GatesDependencies) {
    this.#dependencies = dependencies;
    this.#looks = new Counter({
      name: 'bunting_gate_looks_total',
      help: 'Looks of the gates of releases at the world: data, no_data, error (it could not be asked) or gap',
      labelNames: ['kind', 'result'],
      registers: [dependencies.registry],
    });
  }

  /** How the gates of a stage stand, in their order. To be asked about once a second. Never rejects. */
  async judge(subject: GateSubject): Promise<GateFacts[]> {
    const { log, now } = this.#dependencies;
    this.#tidy();
    if (subject.gates.length === 0) return [];
    try {
      const { runs } = await this.#open(subject);
      return subject.gates.map((gate) => {
        const run = runs.get(gate.name);
        if (run === undefined) return toFacts(gate, beginRun(gate, subject.enteredAtMs));
        this.#look(run, subject);
        return toFacts(gate, run.state);
      });
    } catch (error) {
      log.warn({ err: error, release: subject.releaseId }, 'gates could not be judged');
      const reason = `What was measured so far cannot be read: ${(error as Error).message}.`;
      return subject.gates.map((gate) => toFacts(gate, { verdict: 'error', reason, sinceMs: now() }));
    }
  }

  /** Lets looks that are under way end. */
  async settle(): Promise<void> {
    await Promise.all(this.#looking);
  }

  /** What is under way is given up, and not kept. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.race([this.settle(), wait(CLOSE_MS)]);
  }

  async #open(subject: GateSubject): Promise<Judged> {
    const key = `${subject.releaseId} ${subject.attempt} ${subject.stage}`;
    const known = this.#judged.get(key);
    const nowMs = performance.now();
    const isTrusted = known !== undefined && nowMs - known.askedMs < TRUST_MS;
    if (isTrusted && subject.gates.every(({ name }) => known.runs.get(name)?.isLost === false)) {
      known.askedMs = nowMs;
      return known;
    }
    const judged = { runs: await this.#load(subject), askedMs: nowMs };
    this.#judged.set(key, judged);
    return judged;
  }

  /** What is stored of a stage; what is not there yet begins. */
  async #load(subject: GateSubject): Promise<ReadonlyMap<string, LiveRun>> {
    const { database, now } = this.#dependencies;
    let rows = await findRuns(database, subject);
    const missing = subject.gates.filter(({ name }) => !rows.some(({ gate }) => gate === name));
    for (const gate of missing) await insertRun(database, newRun(subject, gate, now()));
    if (missing.length > 0) rows = await findRuns(database, subject);
    const runs = await Promise.all(rows.map((row) => LiveRun.open(database, row)));
    return new Map(runs.map((run) => [run.gate.name, run]));
  }

  #look(run: LiveRun, subject: GateSubject): void {
    if (this.#looking.size >= MAX_AT_ONCE || this.#closing.signal.aborted) return;
    const { database, means, now, log } = this.#dependencies;
    const looking = run.look(subject, { database, means, nowMs: now(), signal: this.#closing.signal });
    if (looking === undefined) return;
    const kept: Promise<void> = looking
      .then((result) => this.#looks.inc({ kind: run.gate.kind, result }))
      .catch((error: unknown) => log.warn({ err: error, release: subject.releaseId }, 'a measurement was not kept'))
      .finally(() => this.#looking.delete(kept));
    this.#looking.add(kept);
  }

  #tidy(): void {
    const nowMs = performance.now();
    for (const [key, { askedMs }] of this.#judged) if (nowMs - askedMs > FORGET_MS) this.#judged.delete(key);
  }
}

function newRun({ releaseId, attempt, stage, enteredAtMs }: GateSubject, gate: Gate, nowMs: number): GateRunRow {
  const state = JSON.stringify(beginRun(gate, enteredAtMs));
  return {
    ...{ id: newId(nowMs), release_id: releaseId, attempt, stage: stage === 'watch' ? WATCH_STAGE : stage },
    ...{ gate: gate.name, definition: JSON.stringify(gate), entered_at: enteredAtMs },
    ...{ state, next: 0, base: state, base_next: 0, updated_at: nowMs },
  };
}
