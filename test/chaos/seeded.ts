/** Random numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How much is done: a short sample with a fixed seed in `npm test`, the whole with a new one in `npm run prove`. */
export function readPlan<Size>(sizes: { sample: Size; whole: Size }): {
  seed: number;
  size: Size;
  isWhole: boolean;
} {
  const isWhole = process.env.BUNTING_PROVE === '1';
  const given = Number.parseInt(process.env.BUNTING_SEED ?? '', 10);
  const fresh = isWhole ? Math.floor(Math.random() * 2 ** 31) : 1;
  return { seed: Number.isNaN(given) ? fresh : given, size: isWhole ? sizes.whole : sizes.sample, isWhole };
}

/** How long a proof goes on that goes by the clock: the whole as long as BUNTING_MINUTES says, if it does. */
export function readMinutes({ size, isWhole }: { size: { readonly minutes: number }; isWhole: boolean }): number {
  const given = Number.parseFloat((isWhole && process.env.BUNTING_MINUTES) || '');
  return Number.isNaN(given) ? size.minutes : given;
}
