import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

export type Side = 'baseline' | 'candidate';

/** What is to be, as Bunting says it. */
export const desired = z.object({
  candidatePer100k: z.number().int().min(0).max(100_000),
  notAfterMs: z.number().optional(),
  fence: z.number().int(),
});
type Desired = z.infer<typeof desired>;

/** Which of two sides a bucket is on. It is kept in a file, so that a restart moves nobody. */
export class Division {
  readonly counts: Readonly<Record<Side, { requests: number; errors: number }>> = {
    baseline: { requests: 0, errors: 0 },
    candidate: { requests: 0, errors: 0 },
  };
  readonly #file: string;
  #desired: Desired;

  constructor(file: string) {
    this.#file = file;
    this.#desired = read(file) ?? { candidatePer100k: 0, fence: 0 };
  }

  /** A lease that is over leaves nobody at the candidate. */
  get candidatePer100k(): number {
    const { candidatePer100k, notAfterMs } = this.#desired;
    return notAfterMs !== undefined && notAfterMs <= Date.now() ? 0 : candidatePer100k;
  }

  get fence(): number {
    return this.#desired.fence;
  }

  /** @returns false to who does not hold the release any more */
  set(wanted: Desired): boolean {
    if (wanted.fence < this.#desired.fence) return false;
    this.#desired = wanted;
    writeFileSync(`${this.#file}.new`, JSON.stringify(wanted));
    renameSync(`${this.#file}.new`, this.#file);
    return true;
  }

  /** @param bucket five digits */
  sideOf(bucket: string): Side {
    return Number(bucket) < this.candidatePer100k ? 'candidate' : 'baseline';
  }
}

function read(file: string): Desired | undefined {
  try {
    return desired.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
