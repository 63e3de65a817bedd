import { SubjectSample } from '@bunting/core';

/** So many subjects of a flag are told of; of more, a fair sample. About 400 KB. */
const MAX_SUBJECTS = 16_384;
/** Of more flags nothing is told. */
const MAX_FLAGS = 50;
/** So often all is told again, in milliseconds: what was lost on the way, or by a server that began anew, comes then. */
const AGAIN_MS = 10 * 60_000;

/** Which subjects' first exposures were told of. */
export class ToldSubjects {
  /** By flag key. */
  readonly #flags = new Map<string, SubjectSample>();
  /** By `performance.now()`. */
  #beganMs = performance.now();

  /** To be called now and then: reading the clock for each exposure would cost more than all the rest. */
  renew(): void {
    const nowMs = performance.now();
    if (nowMs - this.#beganMs <= AGAIN_MS) return;
    this.#flags.clear();
    this.#beganMs = nowMs;
  }

  /** @returns whether it is to be told of */
  add(flag: string, hash: number): boolean {
    let sample = this.#flags.get(flag);
    if (sample === undefined) {
      if (this.#flags.size >= MAX_FLAGS) return false;
      sample = new SubjectSample(MAX_SUBJECTS);
      this.#flags.set(flag, sample);
    }
    return sample.add(hash);
  }
}
