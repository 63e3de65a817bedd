/** Whether the long proofs are wanted (`npm run prove`) or a short sample of them (`npm test`). */
const { process } = globalThis as { process?: { env: Readonly<Record<string, string | undefined>> } };
const isProving = process?.env.BUNTING_PROVE === '1';

export function runs(short: number, long: number): number {
  return isProving ? long : short;
}

/** Numbers in [0, 1) from a seed, always the same (Marsaglia's xorshift32). */
export function random(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
