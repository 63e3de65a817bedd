import { Agent, get } from 'node:http';
import type { Side } from '../../processes/two-versions.ts';
import { waitFor } from '../../processes/wait.ts';
import { begin, command, phaseIs, type Scene } from './scene.ts';

/** One abort, in milliseconds from when the command was sent. */
export interface Abort {
  /** Until the baseline answered someone whom the candidate had answered so far. */
  readonly firstMs: number;
  /** Until the candidate answered such a person for the last time. */
  readonly lastMs: number;
}

/** How long it is watched whether the candidate still answers someone. */
const AFTER_MS = 300;
const PROBES = 4;

/** A canary that is half out is aborted. */
export async function measureAbort({ balancer, server: { api } }: Scene): Promise<Abort> {
  const probes = new Probes(balancer.url);
  try {
    const stages = [
      { trafficPer100k: 50_000, soakSeconds: 3_600 },
      { trafficPer100k: 100_000, soakSeconds: 0 },
    ];
    const id = await begin(api, { strategy: 'canary', stages });
    await waitFor('the candidate to answer', () => probes.sides.every((side) => side === 'candidate'), 20_000);
    const sinceMs = performance.now();
    probes.mark();
    const aborting = command(api, id, { command: 'abort', reason: 'bench' });
    await waitFor('the baseline to answer', () => probes.firstMs !== undefined, 20_000);
    await aborting;
    await phaseIs(api, id, 'aborted');
    await new Promise((resolve) => setTimeout(resolve, AFTER_MS));
    return {
      firstMs: (probes.firstMs ?? Number.NaN) - sinceMs,
      lastMs: Math.max(0, (probes.lastMs ?? sinceMs) - sinceMs),
    };
  } finally {
    probes.stop();
  }
}

/** People in the first bucket, each on a connection that stays open, who ask again at once. */
class Probes {
  readonly sides: (Side | undefined)[] = Array.from({ length: PROBES }, () => undefined);
  /** When the baseline answered first, and the candidate last, since `mark`. */
  firstMs: number | undefined;
  lastMs: number | undefined;
  readonly #agents: readonly Agent[];
  #isMarked = false;
  #isOver = false;

  constructor(url: string) {
    this.#agents = this.sides.map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
    for (const at of this.sides.keys()) this.#ask(url, at);
  }

  mark(): void {
    this.#isMarked = true;
  }

  stop(): void {
    this.#isOver = true;
    for (const agent of this.#agents) agent.destroy();
  }

  #ask(url: string, at: number): void {
    if (this.#isOver) return;
    const again = () => setImmediate(() => this.#ask(url, at));
    const agent = this.#agents[at];
    const headers = { cookie: 'bunting_bucket=00000' };
    const request = get(url, { ...(agent === undefined ? {} : { agent }), headers }, (response) => {
      this.#note(at, response.headers['x-side'] as Side | undefined);
      response.resume().on('end', again);
    });
    // A reload may end connections; the next request shows who answers then.
    request.on('error', again);
  }

  #note(at: number, side: Side | undefined): void {
    this.sides[at] = side;
    if (!this.#isMarked) return;
    if (side === 'baseline') this.firstMs ??= performance.now();
    if (side === 'candidate') this.lastMs = performance.now();
  }
}
