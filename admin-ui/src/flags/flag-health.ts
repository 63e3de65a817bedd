import { t } from '@lingui/core/macro';
import type { Environment, Flag, FlagEnvironment, Serve } from '../api/types.ts';

/** What someone on call would want to know of a flag before anything else. */
export interface HealthMark {
  readonly kind: 'killed' | 'held' | 'ramping' | 'releasing' | 'stale';
  /** A word or two. */
  readonly label: string;
  /** The whole sentence. */
  readonly title: string;
}

interface HealthFacts {
  readonly flag: Flag;
  readonly environments: readonly Environment[];
  /** The titles of releases under way that the flag is in. */
  readonly releases: readonly string[];
  /** Milliseconds since 1970, UTC. */
  readonly nowMs: number;
}

/** The marks of a flag, the most urgent first; none: nothing is out of the ordinary. */
export function healthOf({ flag, environments, releases, nowMs }: HealthFacts): HealthMark[] {
  const where = (is: (state: FlagEnvironment) => boolean) =>
    environments.flatMap(({ key, name }) => {
      const state = flag.environments[key];
      return state && is(state) ? [name] : [];
    });
  const killed = where(({ killed: kill }) => kill !== undefined);
  const held = where((state) => splitsOf(state).some((split) => split.held !== undefined));
  const ramping = where((state) =>
    splitsOf(state).some(({ schedule }) => (schedule?.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY) > nowMs),
  );
  const marks: HealthMark[] = [];
  if (killed.length > 0) marks.push({ kind: 'killed', label: t`Killed`, title: t`Killed in ${killed.join(', ')}` });
  if (held.length > 0)
    marks.push({ kind: 'held', label: t`Ramp held`, title: t`Its ramp is held in ${held.join(', ')}` });
  if (ramping.length > 0)
    marks.push({ kind: 'ramping', label: t`Ramping`, title: t`Changes by time in ${ramping.join(', ')}` });
  if (releases.length > 0)
    marks.push({ kind: 'releasing', label: t`In release`, title: t`In a release: ${releases.join(', ')}` });
  if (flag.archivedAt === null && flag.expectedUntil !== null && Date.parse(flag.expectedUntil) < nowMs) {
    const until = flag.expectedUntil.slice(0, 10);
    marks.push({ kind: 'stale', label: t`Stale`, title: t`Expected to be gone since ${until}` });
  }
  return marks;
}

function splitsOf({ rules, defaultRule }: FlagEnvironment) {
  const serves: readonly Serve[] = [...rules.map(({ serve }) => serve), defaultRule];
  return serves.flatMap((serve) => ('split' in serve ? [serve.split] : []));
}
