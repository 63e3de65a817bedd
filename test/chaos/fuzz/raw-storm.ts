import fc from 'fast-check';
import type { Finding } from './finding.ts';
import { exchange, rawExchanges } from './raw-http.ts';

/** Writes what is no HTTP, or HTTP as nobody writes it. */
export class RawStorm {
  readonly findings: Finding[] = [];
  sent = 0;
  readonly #url: URL;
  readonly #seed: number;

  constructor(url: string, seed: number) {
    this.#url = new URL(url);
    this.#seed = seed;
  }

  async run(count: number, lanes: number): Promise<void> {
    const lane = async (number: number) => {
      for (let run = 0; this.sent < count; run++) {
        const property = fc.asyncProperty(rawExchanges, async (raw) => {
          this.sent++;
          const problem = await exchange(this.#url, raw);
          if (problem !== undefined && !this.findings.some((known) => known.problem === problem))
            throw new Error(problem);
        });
        const seed = this.#seed * 1_000 + number * 100_003 + run;
        const outcome = await fc.check(property, {
          seed,
          numRuns: Math.min(50, count),
          interruptAfterTimeLimit: 15_000,
        });
        const raw = outcome.counterexample?.[0];
        if (!outcome.failed || raw === undefined) continue;
        const problem = outcome.errorInstance instanceof Error ? outcome.errorInstance.message : 'failed';
        this.findings.push({ operation: 'HTTP', caller: 'nobody', problem, repeat: raw.name, seed });
      }
    };
    await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  }
}
