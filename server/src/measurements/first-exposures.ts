import { SubjectSample } from '@bunting/core';
import type { Watched } from './running-counts.ts';

/** What a split served. */
export interface FirstCell {
  readonly environmentId: string;
  readonly flag: string;
  /** Id of the rule; empty: the default rule. */
  readonly rule: string;
  readonly variant: string;
  /** Of the split, as `markOf` has it. */
  readonly mark: number;
}

/** Subjects that were seen for the first time, as another server is told of them. */
export interface FirstsReading {
  /** What to ask for next time. */
  readonly upTo: number;
  readonly cells: readonly (FirstCell & { readonly hashes: readonly number[] })[];
}

/** So many subjects of a flag are known apart; of more, a fair sample. Some 800 KB. */
const MAX_SUBJECTS = 32_768;
/** Of more flags none are. */
const MAX_FLAGS = 50;
/** Of the latest so many can be asked for, in hashes: this many at most, and when they are more this many are left. */
const MAX_LOG = 100_000;
const LEFT_OF_LOG = 75_000;

/** Whose first exposure was counted: each subject once for each state of a rule's split, whatever it is served later. */
export class SeenSubjects {
  /** By environment and flag. */
  readonly #samples = new Map<string, SubjectSample>();

  /** @returns those that count and were not seen before */
  add({ environmentId, flag }: FirstCell, hashes: readonly number[]): number[] {
    const place = `${environmentId} ${flag}`;
    let sample = this.#samples.get(place);
    if (sample === undefined) {
      if (this.#samples.size >= MAX_FLAGS) return [];
      sample = new SubjectSample(MAX_SUBJECTS);
      this.#samples.set(place, sample);
    }
    const seen = sample;
    return hashes.filter((hash) => seen.add(hash));
  }

  /** Forgets what is not watched any more. */
  watch(watched: ReadonlyMap<string, Watched>): void {
    for (const place of this.#samples.keys()) {
      const [environmentId = '', flag = ''] = place.split(' ');
      if (!isSampled(watched, environmentId, flag)) this.#samples.delete(place);
    }
  }
}

/** First exposures that this server's instances told of, for all servers: numbered, so that each asks for what is new. */
export class FirstExposures {
  readonly #seen = new SeenSubjects();
  #watched: ReadonlyMap<string, Watched> = new Map();
  /** Numbers ascending. */
  #log: { readonly number: number; readonly cell: FirstCell; readonly hashes: readonly number[] }[] = [];
  #logged = 0;
  #lastNumber = 0;

  /** Whether anything is counted, here and on the other servers. */
  get isWatched(): boolean {
    return [...this.#watched.values()].some(({ sampled }) => sampled === 'all' || sampled.size > 0);
  }

  /** Counts these flags from now on, and forgets all others. @param watched by id of the environment */
  watch(watched: ReadonlyMap<string, Watched>): void {
    this.#watched = watched;
    this.#seen.watch(watched);
    this.#log = this.#log.filter(({ cell: { environmentId, flag } }) => isSampled(watched, environmentId, flag));
    this.#logged = this.#log.reduce((sum, { hashes }) => sum + hashes.length, 0);
  }

  /** @param hashes checked to be 0 to 2^32 - 1 */
  add(cell: FirstCell, hashes: readonly number[]): void {
    if (!isSampled(this.#watched, cell.environmentId, cell.flag)) return;
    const fresh = this.#seen.add(cell, hashes);
    if (fresh.length === 0) return;
    this.#log.push({ number: ++this.#lastNumber, cell, hashes: fresh });
    this.#logged += fresh.length;
    if (this.#logged > MAX_LOG) this.#forgetOldest();
  }

  /** Many at once: each time all that are left are moved. */
  #forgetOldest(): void {
    let count = 0;
    for (const { hashes } of this.#log) {
      if (this.#logged <= LEFT_OF_LOG) break;
      this.#logged -= hashes.length;
      count += 1;
    }
    this.#log.splice(0, count);
  }

  /** What came after `upTo` of an earlier reading; 0: all that is still known. */
  since(upTo: number): FirstsReading {
    const from = this.#log.findLastIndex(({ number }) => number <= upTo) + 1;
    return { upTo: this.#lastNumber, cells: this.#log.slice(from).map(({ cell, hashes }) => ({ ...cell, hashes })) };
  }
}

function isSampled(watched: ReadonlyMap<string, Watched>, environmentId: string, flag: string): boolean {
  const sampled = watched.get(environmentId)?.sampled;
  return sampled === 'all' || sampled?.has(flag) === true;
}
