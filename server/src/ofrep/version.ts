import type { LiveRuleset } from '../rulesets/live-ruleset.ts';

/** Names what an environment serves: it differs after every change and every kill. */
export function versionOf({ revision, kills }: LiveRuleset): string {
  const kill = kills.map(({ flag, epoch, engaged }) => `${flag}:${epoch}${engaged ? '+' : '-'}`).sort();
  return [revision.incarnation, revision.number, ...kill].join('.');
}

/** Whether the environment serves `version`, or something that is not older by number. */
export function hasReached(ruleset: LiveRuleset, version: string): boolean {
  if (versionOf(ruleset) === version) return true;
  const [incarnation, number, ...kills] = version.split('.');
  const { revision } = ruleset;
  // Another incarnation has nothing to wait for, and kills are known by their epochs alone.
  if (incarnation !== revision.incarnation) return true;
  return kills.length === 0 && Number(number) <= revision.number;
}
