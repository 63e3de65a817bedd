import type { ComparisonCount, MeasurementsMessage, PathName } from '@bunting/core';
import type { Choice } from './choice.ts';
import type { Ending } from './path-cell.ts';
import { type Comparison, type PathSink, PathWindow } from './path-window.ts';

/** How long a window is that can be sent at once. */
const WINDOW_MS = 1000;

/** A window that cannot be sent goes on, but not for longer: then what it holds is dropped. */
const MAX_WINDOW_MS = 15_000;

/** What the recorder asks of the client it works for. */
export interface RecorderOwner {
  /** Whether there is a server that takes such messages. */
  isTaken(): boolean;
  /** False when it was not sent. */
  send(message: MeasurementsMessage): boolean;
  /** The origin's clock, milliseconds since 1970, UTC. */
  originTimeMs(): number;
}

/**
 * Measures code paths in windows of a second, from the first measurement on, and sends each when it is over. Nothing runs
 * while nothing is measured.
 */
export class PathRecorder implements PathSink {
  readonly #owner: RecorderOwner;
  readonly #window = new PathWindow();
  /** By `performance.now()`. */
  #beganMs = 0;
  #startMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  /** Greater than any of an earlier process of this instance, as it sends less than a thousand messages a second. */
  #seq = Date.now();

  constructor(owner: RecorderOwner) {
    this.#owner = owner;
  }

  record(path: PathName, choice: Choice, ending: Ending, durationMs: number): void {
    if (this.#timer === undefined && !this.#begin()) return;
    this.#window.record(path, choice, ending, durationMs);
  }

  compare(path: ComparisonCount['path'], choice: Choice, result: Comparison): void {
    if (this.#timer === undefined && !this.#begin()) return;
    this.#window.compare(path, choice, result);
  }

  expose(path: PathName, choice: Choice): void {
    if (this.#timer === undefined && !this.#begin()) return;
    this.#window.expose(path, choice);
  }

  /** Sends what there is; measures nothing any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#send();
  }

  #begin(): boolean {
    if (this.#isClosed) return false;
    this.#beganMs = performance.now();
    this.#startMs = Math.round(this.#owner.originTimeMs());
    this.#schedule();
    return true;
  }

  #schedule(): void {
    this.#timer = setTimeout(() => this.#end(), WINDOW_MS);
    this.#timer.unref();
  }

  #end(): void {
    this.#timer = undefined;
    if (this.#send()) return;
    if (performance.now() - this.#beganMs >= MAX_WINDOW_MS) this.#drop();
    else this.#schedule();
  }

  /** @returns whether nothing is left; what could not be sent stays */
  #send(): boolean {
    if (!this.#owner.isTaken()) return this.#window.isEmpty;
    const durationMs = Math.max(1, Math.round(performance.now() - this.#beganMs));
    return this.#window.drain(({ paths, comparisons }) => {
      const { dropped } = this.#window;
      const isSent = this.#owner.send({
        type: 'measurements',
        seq: this.#seq++,
        startMs: this.#startMs,
        durationMs,
        paths,
        ...(comparisons.length > 0 && { comparisons }),
        ...(dropped > 0 && { dropped }),
      });
      if (isSent) this.#window.dropped -= dropped;
      return isSent;
    });
  }

  #drop(): void {
    const { dropped } = this.#window;
    const lost = this.#window.read().paths.reduce((sum, { count }) => sum + count, 0);
    this.#window.clear();
    this.#window.dropped = dropped + lost;
  }
}
