/** Work on many sockets: each `next` is one small step. It is done when it returns. */
export type Work = Iterator<unknown>;

export interface TurnsOptions {
  /** After this long, in milliseconds, the rest of the process gets its turn. One step more may be under way. */
  readonly maxTurnMs: number;
  /** Hears how long each turn blocked the event loop, in milliseconds. */
  readonly observe: (tookMs: number) => void;
  /** Hears of work that threw; it is given up. */
  readonly report: (error: unknown) => void;
}

interface Job {
  readonly work: Work;
  readonly end: () => void;
}

/**
 * Does work on many sockets in turns, so that the event loop is never blocked for long. Urgent work goes first: work
 * that is under way waits meanwhile. Ordinary works take turns with each other.
 */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #urgent: Job[] = [];
  readonly #ordinary: Job[] = [];
  #isTurning = false;
  #isScheduled = false;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /**
   * Urgent work begins at once. Ordinary work begins when what is being done now is done, so that what comes in one go
   * is dealt with in one go. Resolves when the work is done.
   */
  run(work: Work, { isUrgent = false } = {}): Promise<void> {
    const jobs = isUrgent ? this.#urgent : this.#ordinary;
    const done = new Promise<void>((end) => jobs.push({ work, end }));
    if (isUrgent && jobs.length === 1 && !this.#isTurning) this.#turn();
    else this.#schedule();
    return done;
  }

  #turn(): void {
    this.#isTurning = true;
    const startMs = performance.now();
    let tookMs = 0;
    let job = this.#urgent[0] ?? this.#ordinary[0];
    while (job !== undefined) {
      if (this.#step(job)) this.#remove(job);
      job = this.#urgent[0] ?? this.#ordinary[0];
      tookMs = performance.now() - startMs;
      if (tookMs >= this.#options.maxTurnMs) break;
    }
    this.#isTurning = false;
    this.#options.observe(tookMs);
    if (job === undefined) return;
    this.#ordinary.push(...this.#ordinary.splice(0, 1));
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#turn();
    });
  }

  /** @returns true when the work is done */
  #step({ work }: Job): boolean {
    try {
      return work.next().done === true;
    } catch (error) {
      this.#options.report(error);
      return true;
    }
  }

  #remove(job: Job): void {
    for (const jobs of [this.#urgent, this.#ordinary]) {
      const at = jobs.indexOf(job);
      if (at >= 0) jobs.splice(at, 1);
    }
    job.end();
  }
}
