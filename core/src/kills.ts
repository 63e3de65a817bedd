import type { Kill } from './model.ts';

/** The latest kill or re-arm of each flag. */
export type Kills = ReadonlyMap<string, Kill>;

/** The latest of each flag's kills and re-arms, whatever their order. */
export function mergeKills(kills: Iterable<Kill>): Kills {
  const merged = new Map<string, Kill>();
  for (const kill of kills) if (outranks(kill, merged.get(kill.flag))) merged.set(kill.flag, kill);
  return merged;
}

/** Whether `kill` comes after `other`: by epoch, and at equal epochs a kill after a re-arm. */
export function outranks(kill: Kill, other: Kill | undefined): boolean {
  if (other === undefined || kill.epoch > other.epoch) return true;
  return kill.epoch === other.epoch && kill.engaged && !other.engaged;
}

export function isEngaged(kills: Kills, key: string): boolean {
  return kills.get(key)?.engaged === true;
}
