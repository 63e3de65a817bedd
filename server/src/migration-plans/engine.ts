import { setTimeout as wait } from 'node:timers/promises';
import { coalesce } from '../store/coalesce.ts';
import { newId } from '../store/new-id.ts';
import { findMovingPlans, holdPlan, letPlansGo, type PlacedPlan } from './repository.ts';
import { Worker, type WorkerDependencies } from './worker.ts';

const LOOK_EVERY_MS = 1_000;
/** A server that holds a plan says so at each look; so long after the last one others take over. */
const HELD_FOR_MS = 5_000;

interface Work {
  readonly worker: Worker;
  readonly done: Promise<void>;
}

/**
 * Does what plans have to do. Every server looks; one at a time holds a plan and works on it. What it does is begun on
 * record, is right to do twice, and what it led to is kept only while nobody else changed the plan meanwhile.
 */
export class PlanEngine {
  readonly #dependencies: WorkerDependencies;
  readonly #holder = newId(Date.now());
  readonly #closing = new AbortController();
  readonly #work = new Map<string, Work>();
  readonly #running: Promise<void>;
  /** Looks at all now, and begins what is to be done; who asks during a look shares the next. */
  readonly look = coalesce(() => this.#lookAtAll());

  constructor(dependencies: WorkerDependencies) {
    this.#dependencies = dependencies;
    this.#running = this.#run();
  }

  /** Resolves when nothing is being done here at the moment. */
  async settle(): Promise<void> {
    await Promise.all([...this.#work.values()].map(({ done }) => done));
  }

  /** What is being done is cut off: whoever takes over goes on with it. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    for (const { worker } of this.#work.values()) worker.close();
    await this.settle();
    await letPlansGo(this.#dependencies.database, this.#holder).catch(() => {});
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.look().catch((error: unknown) =>
        this.#dependencies.log.debug({ err: error }, 'migration plans could not be looked at'),
      );
      await wait(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  async #lookAtAll(): Promise<void> {
    const { database, now } = this.#dependencies;
    const plans = await findMovingPlans(database);
    for (const plan of plans) {
      if (this.#closing.signal.aborted) return;
      const nowMs = now();
      const isMine = await holdPlan(database, plan.id, this.#holder, nowMs, nowMs + HELD_FOR_MS);
      const work = this.#work.get(plan.id);
      if (work === undefined && isMine) this.#begin(plan);
      else if (isMine) work?.worker.hear(plan.version);
      else work?.worker.close();
    }
    for (const [id, { worker }] of this.#work) if (!plans.some((plan) => plan.id === id)) worker.close();
  }

  #begin(plan: PlacedPlan): void {
    const { log } = this.#dependencies;
    const worker = new Worker(this.#dependencies, plan);
    const done = worker
      .run()
      .catch((error: unknown) => {
        log.warn({ err: error, plan: plan.key }, 'a migration plan could not be worked on; trying again');
      })
      .then(() => {
        this.#work.delete(plan.id);
      });
    this.#work.set(plan.id, { worker, done });
  }
}
