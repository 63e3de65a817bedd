/** Numbers in [0, 1). */
export type Random = () => number;

/** How many of `count` happen, each with this chance: jumps from one to the next, so that rare ones cost little. */
export function drawBinomial(random: Random, count: number, chance: number): number {
  if (chance >= 1) return count;
  if (chance > 0.5) return count - drawBinomial(random, count, 1 - chance);
  if (chance <= 0) return 0;
  const perJump = Math.log1p(-chance);
  let happened = -1;
  for (let at = -1; at < count; at += 1 + Math.floor(Math.log(1 - random()) / perJump)) happened++;
  return happened;
}

/** How many happen independently of each other, with this mean. */
export function drawPoisson(random: Random, mean: number): number {
  let drawn = 0;
  for (let at = drawExponential(random); at <= mean; at += drawExponential(random)) drawn++;
  return drawn;
}

/** How long until something happens that happens once in 1 on average. */
function drawExponential(random: Random): number {
  return -Math.log(1 - random());
}

/** 1 or more, with this mean. */
export function drawGeometric(random: Random, mean: number): number {
  return mean <= 1 ? 1 : 1 + Math.floor(Math.log(1 - random()) / Math.log1p(-1 / mean));
}

/** From a normal distribution with mean 0 and deviation 1 (Box and Muller). */
export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
