import { murmur, murmurPrefix } from '../bucketing/murmur.ts';

/** Registers, 2^8: the first bits of a subject's hash choose one. */
const REGISTERS = 256;
const INDEX_BITS = 8;

/** A register's greatest value: one more than the hash has further bits. */
const MAX_RANK = 32 - INDEX_BITS + 1;

/** Of no use to guess what split or slice a subject is in: those are hashed after other words. */
const SEED = murmurPrefix('subject-sketch:');

/** Corrects the estimate for infinitely many registers; so it is used with few, too. */
const ALPHA = 1 / (2 * Math.LN2);

/** Written in front, so that other forms can be told apart: registers that are not 0 with their places, or all. */
const SPARSE = '1s';
const DENSE = '1d';
const ENTRIES = /^(?:[0-7][0-9a-z][1-9a-p])*$/;
const ALL = /^[0-9a-p]{256}$/;

/**
 * How many different subjects were seen, whoever saw them, to 6.5 % (one standard deviation; nearly exact for a few). It
 * holds no subject and none can be read from it. Merging takes each register's greater value, so one that is merged
 * twice changes nothing.
 *
 * Source: Ertl, New cardinality estimation algorithms for HyperLogLog sketches (arXiv 1702.01284), algorithm 6.
 */
export class SubjectSketch {
  readonly #registers = new Uint8Array(REGISTERS);

  add(subject: string): void {
    const hash = murmur(SEED, subject) >>> 0;
    const rank = Math.min(Math.clz32(hash << INDEX_BITS) + 1, MAX_RANK);
    this.#raise(hash >>> (32 - INDEX_BITS), rank);
  }

  /** Adds what another one has seen. */
  merge(other: SubjectSketch): void {
    for (const [index, rank] of other.#registers.entries()) this.#raise(index, rank);
  }

  /** About how many different subjects it has seen; 0 only for none. */
  estimate(): number {
    const counts = new Array<number>(MAX_RANK + 1).fill(0);
    for (const rank of this.#registers) counts[rank] = (counts[rank] ?? 0) + 1;
    let z = REGISTERS * tau(1 - (counts[MAX_RANK] ?? 0) / REGISTERS);
    for (let rank = MAX_RANK - 1; rank >= 1; rank--) z = (z + (counts[rank] ?? 0)) / 2;
    z += REGISTERS * sigma((counts[0] ?? 0) / REGISTERS);
    return (ALPHA * REGISTERS * REGISTERS) / z;
  }

  /** As text: 3 characters for each register that is not 0, or 256. */
  encode(): string {
    let sparse = '';
    let dense = '';
    for (let index = 0; index < REGISTERS; index++) {
      const rank = this.#registers[index] ?? 0;
      dense += rank.toString(36);
      if (rank > 0) sparse += index.toString(36).padStart(2, '0') + rank.toString(36);
    }
    return sparse.length < REGISTERS ? SPARSE + sparse : DENSE + dense;
  }

  /** Undefined for what `encode` has not written. Never throws. */
  static decode(text: unknown): SubjectSketch | undefined {
    if (typeof text !== 'string' || text.length > DENSE.length + REGISTERS) return undefined;
    const sketch = new SubjectSketch();
    const body = text.slice(DENSE.length);
    if (text.startsWith(DENSE) && ALL.test(body)) {
      for (let i = 0; i < REGISTERS; i++) sketch.#registers[i] = Number.parseInt(body.charAt(i), 36);
      return sketch;
    }
    if (!text.startsWith(SPARSE) || !ENTRIES.test(body)) return undefined;
    for (let at = 0; at < body.length; at += 3) {
      const index = Number.parseInt(body.slice(at, at + 2), 36);
      if (index >= REGISTERS || sketch.#registers[index] !== 0) return undefined;
      sketch.#registers[index] = Number.parseInt(body.charAt(at + 2), 36);
    }
    return sketch;
  }

  #raise(index: number, rank: number): void {
    if (rank > (this.#registers[index] ?? 0)) this.#registers[index] = rank;
  }
}

/** The sum over k of x^(2^k) 2^(k-1), and x itself; infinite for 1: all registers are empty. */
function sigma(x: number): number {
  if (x === 1) return Number.POSITIVE_INFINITY;
  let power = x;
  let factor = 1;
  let sum = x;
  for (let before = Number.NaN; sum !== before; factor *= 2) {
    before = sum;
    power *= power;
    sum += power * factor;
  }
  return sum;
}

/** A third of 1 - x less the sum over k of (1 - x^(2^-k))^2 2^-k: of registers that can rise no further. */
function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let root = x;
  let factor = 1;
  let sum = 1 - x;
  for (let before = Number.NaN; sum !== before; ) {
    before = sum;
    root = Math.sqrt(root);
    factor /= 2;
    sum -= (1 - root) ** 2 * factor;
  }
  return sum / 3;
}
