import { murmur, murmurPrefix } from './murmur.ts';

/**
 * How a subject becomes a place in a split. Everything that a bucketing scheme can differ in is named here, so that
 * another scheme is another object. A split names its bucketer; it is looked up once, when the flag is compiled.
 */
export interface Bucketer {
  readonly name: string;
  readonly algorithm: 'murmur3-x86-32';
  /** How text becomes bytes. */
  readonly encoding: 'utf-8';
  /** What is hashed. */
  readonly input: '{seed}:{value}';
  /** The hash function's own seed. */
  readonly hashSeed: 0;
  /** How a hash becomes a bucket: `floor(hash * 100 000 / 2^32)`, so that no bucket is favoured. */
  readonly normaliser: 'scale';
  /** A range owns its first bucket and not its last bound. */
  readonly bound: 'half-open';
  /** What a context without the attribute gets: the error TARGETING_KEY_MISSING. */
  readonly onMissing: 'error';
  /** What a bucket that no range owns gets: the flag's off variant. */
  readonly pastTheEnd: 'off-variant';
  /** The hash of `seed:value`, shifted to signed order: -2^31 for hash 0, 2^31 - 1 for the greatest. */
  prepare(seed: string): (value: string) => number;
}

export const NATIVE: Bucketer = {
  name: 'native',
  algorithm: 'murmur3-x86-32',
  encoding: 'utf-8',
  input: '{seed}:{value}',
  hashSeed: 0,
  normaliser: 'scale',
  bound: 'half-open',
  onMissing: 'error',
  pastTheEnd: 'off-variant',
  prepare(seed) {
    const prefix = murmurPrefix(`${seed}:`);
    // Flipping the top bit turns the unsigned order of hashes into the signed order that V8 compares unboxed.
    return (value) => murmur(prefix, value) ^ 0x80000000;
  },
};

const BUCKETERS: ReadonlyMap<string, Bucketer> = new Map([[NATIVE.name, NATIVE]]);

/** The bucketer of that name; undefined when this version of the evaluator has none. */
export function findBucketer(name: string = NATIVE.name): Bucketer | undefined {
  return BUCKETERS.get(name);
}
