import fc from 'fast-check';
import { type Finding, tell } from './finding.ts';
import { exchange, rawExchanges } from './raw-http.ts';

/** Writes what is no HTTP, or HTTP as nobody writes it. */
export class RawStorm {
  readonly findings: Finding[] = [];
  sent = 0;
  readonly #url: URL;
  readonly #options: { readonly seed: number; readonly lanes: number };

  constructor(url: string, options: { readonly seed: number; readonly lanes: number }) {
    this.#url = new URL(url);
    this.#options = options;
  }

  async run(count: number): Promise<void> {
    const { seed: firstSeed, lanes } = this.#options;
    const begun = this.sent;
    const lane = async (number: number) => {
      for (let run = 0; this.sent < begun + count; run++) {
        const property = fc.asyncProperty(rawExchanges, async (raw) => {
          this.sent++;
          const problem = await exchange(this.#url, raw);
          if (problem !== undefined && !this.findings.some((known) => known.problem === problem))
            throw new Error(problem);
        });
        const seed = firstSeed * 1_000 + number * 100_003 + begun + run;
        const outcome = await fc.check(property, {
          seed,
          numRuns: Math.min(50, Math.ceil(count / lanes)),
          interruptAfterTimeLimit: 15_000,
        });
        const raw = outcome.counterexample?.[0];
        if (!outcome.failed || raw === undefined) continue;
        const problem = outcome.errorInstance instanceof Error ? outcome.errorInstance.message : 'failed';
        const finding = { operation: 'HTTP', caller: 'nobody', problem, repeat: raw.name, seed };
        tell(finding);
        this.findings.push(finding);
      }
    };
    await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  }
}
