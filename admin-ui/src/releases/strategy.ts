import type { Release } from '../api/types.ts';

/** What a strategy is called, for people. */
export const strategyNames: Readonly<Record<Release['strategy'], string>> = {
  flag_only: 'flags only',
  canary: 'canary',
  blue_green: 'blue/green',
  rolling: 'rolling',
  dark_launch: 'dark launch',
  hot_patch: 'hot patch',
  ab_test: 'A/B test',
  migration: 'migration',
};

export const strategies = Object.keys(strategyNames) as readonly Release['strategy'][];

/** What of the world a release moves, in a few words: `checkout, orders` or `v2 at shop, migration orders`. */
export function describeMoved({ flags, traffic, migration }: Pick<Release, 'flags' | 'traffic' | 'migration'>): string {
  return [
    ...(traffic ? [`version ${traffic.candidate} at ${traffic.target}`] : []),
    ...(migration ? [`migration ${migration.plan}`] : []),
    ...flags.map(({ flag }) => flag),
  ].join(', ');
}

/** Neither traffic nor a migration moves with its flags: their share says all that is out. */
export function isOfFlagsAlone({ traffic, migration }: Pick<Release, 'traffic' | 'migration'>): boolean {
  return traffic === undefined && migration === undefined;
}
