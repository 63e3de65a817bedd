import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { Release } from '../api/types.ts';

/** What a strategy is called, for people. */
export const strategyNames: Readonly<Record<Release['strategy'], MessageDescriptor>> = {
  flag_only: msg`flags only`,
  canary: msg`canary`,
  blue_green: msg`blue/green`,
  rolling: msg`rolling`,
  dark_launch: msg`dark launch`,
  hot_patch: msg`hot patch`,
  ab_test: msg`A/B test`,
  migration: msg`migration`,
};

export const strategies = Object.keys(strategyNames) as readonly Release['strategy'][];

/** What of the world a release moves, in a few words: `checkout, orders` or `version v2 at shop, plan orders`. */
export function describeMoved({ flags, traffic, migration }: Pick<Release, 'flags' | 'traffic' | 'migration'>): string {
  return [
    ...(traffic ? [t`version ${traffic.candidate} at ${traffic.target}`] : []),
    ...(migration ? [t`plan ${migration.plan}`] : []),
    ...flags.map(({ flag }) => flag),
  ].join(', ');
}

/** Neither traffic nor a migration moves with its flags: their share says all that is out. */
export function isOfFlagsAlone({ traffic, migration }: Pick<Release, 'traffic' | 'migration'>): boolean {
  return traffic === undefined && migration === undefined;
}
