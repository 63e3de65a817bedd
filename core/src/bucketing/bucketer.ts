import { murmur, murmurPrefix } from './murmur.ts';
import { firstHashOf } from './pieces.ts';

/**
 * How a subject becomes a place in a split. Everything that a bucketing scheme can differ in is named here, so that
 * another scheme is another object. A split names its bucketer; it is looked up once, when the flag is compiled.
 */
export interface Bucketer {
  readonly name: string;
  readonly algorithm: 'murmur3-x86-32';
  /** How text becomes bytes. */
  readonly encoding: 'utf-8';
  /** What is hashed. `{bucket}`: nothing, where the value is a bucket as five digits; else as `{seed}:{value}`. */
  readonly input: '{seed}:{value}' | '{bucket}';
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

const BUCKET = /^[0-9]{5}$/;

/**
 * For subjects that a load balancer has given a bucket (the cookie `bunting_bucket`): whom it sends to a new version and
 * who gets a flag of it are then the same, or one a part of the other. Anything else is hashed.
 */
export const GIVEN: Bucketer = {
  ...NATIVE,
  name: 'given',
  input: '{bucket}',
  prepare(seed) {
    const hash = NATIVE.prepare(seed);
    return (value) => (BUCKET.test(value) ? firstHashOf(Number(value)) : hash(value));
  },
};

const BUCKETERS: ReadonlyMap<string, Bucketer> = new Map([NATIVE, GIVEN].map((bucketer) => [bucketer.name, bucketer]));

/** The bucketer of that name; undefined when this version of the evaluator has none. */
export function findBucketer(name: string = NATIVE.name): Bucketer | undefined {
  return BUCKETERS.get(name);
}
