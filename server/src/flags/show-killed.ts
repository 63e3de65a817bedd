import type { Kills } from '../kills/kills.ts';
import type { Flag, FlagEnvironment } from './flag.ts';

/** The flag with how it is killed, in each environment where it is. Kills are in memory before they are stored. */
export function showKilled(kills: Kills, project: string, flag: Flag): Flag {
  const environments: Record<string, FlagEnvironment> = {};
  for (const [environment, shown] of Object.entries(flag.environments)) {
    const killed = kills.find({ project, environment, flag: flag.key });
    environments[environment] = killed === undefined ? shown : { ...shown, killed };
  }
  return { ...flag, environments };
}
