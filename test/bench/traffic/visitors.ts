import { Agent, get } from 'node:http';
import type { Side } from '../../processes/two-versions.ts';

const COUNT = 500;
const TICK_MS = 10;

export interface Visit {
  readonly visitor: number;
  /** Who answered; undefined: nobody, or with an error. */
  readonly side: Side | undefined;
  /** Why it failed; undefined: it did not. */
  readonly error: string | undefined;
  /** When it began and ended, by `performance.now()`. */
  readonly sentMs: number;
  readonly endedMs: number;
}

/**
 * 500 visitors, whose buckets are spread evenly, with 500 requests a second together, on connections that stay open. A
 * visitor asks again only when the request before has ended, and never twice: what fails, failed.
 */
export class Visitors {
  readonly visits: Visit[] = [];
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #busy = new Set<number>();
  readonly #timer: NodeJS.Timeout;
  #next = 0;
  #due = 0;
  readonly #beganMs = performance.now();

  constructor(url: string, perSecond = COUNT) {
    this.#url = url;
    this.#timer = setInterval(() => {
      const due = Math.floor(((performance.now() - this.#beganMs) / 1_000) * perSecond);
      for (; this.#due < due; this.#due++) this.#send();
    }, TICK_MS);
  }

  get failed(): Visit[] {
    return this.visits.filter(({ error }) => error !== undefined);
  }

  /** Ends when the last request has. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    while (this.#busy.size > 0) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    this.#agent.destroy();
  }

  /** The share of visitors who changed sides only as they should: forward before `backMs`, back after it. */
  keptUntil(backMs: number): number {
    const last = new Map<number, Side>();
    const moved = new Set<number>();
    for (const { visitor, side, sentMs, endedMs } of this.visits.toSorted((a, b) => a.endedMs - b.endedMs)) {
      // What was under way while the way turned is neither.
      if (side === undefined || (sentMs < backMs && endedMs >= backMs)) continue;
      const wrong = endedMs < backMs ? 'baseline' : 'candidate';
      const before = last.get(visitor);
      if (before !== undefined && before !== side && side === wrong) moved.add(visitor);
      last.set(visitor, side);
    }
    return 1 - moved.size / COUNT;
  }

  #send(): void {
    let visitor = this.#next;
    while (this.#busy.has(visitor)) {
      visitor = (visitor + 1) % COUNT;
      if (visitor === this.#next) return;
    }
    this.#next = (visitor + 1) % COUNT;
    this.#busy.add(visitor);
    const sentMs = performance.now();
    const bucket = String((visitor * 100_000) / COUNT).padStart(5, '0');
    const end = (side: Side | undefined, error: string | undefined) => {
      if (!this.#busy.delete(visitor)) return;
      this.visits.push({ visitor, side, error, sentMs, endedMs: performance.now() });
    };
    const headers = { cookie: `bunting_bucket=${bucket}` };
    const request = get(this.#url, { agent: this.#agent, headers, timeout: 10_000 }, (response) => {
      const { statusCode = 0 } = response;
      const isGood = statusCode < 500;
      response.resume().on('end', () => {
        end(response.headers['x-side'] as Side | undefined, isGood ? undefined : `status ${statusCode}`);
      });
      response.on('error', (error) => end(undefined, error.message));
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 10 s')));
    request.on('error', (error) => {
      const { code = error.message } = error as NodeJS.ErrnoException;
      // Browsers ask again by themselves where a connection that was kept turns out to be closed.
      end(undefined, request.reusedSocket ? `${code} on a connection that was kept` : code);
    });
  }
}
