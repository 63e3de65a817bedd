import type { Caller } from '../audit/actor.ts';
import type { Draft } from '../changes/draft.ts';
import { ApiError } from '../http/api-error.ts';
import { obey } from './command.ts';
import { gather, type Surroundings } from './gather.ts';
import { keep } from './keep.ts';
import { FORWARD } from './phase.ts';
import { type StoredSpec, specOf, stateOf, targetsOf } from './release.ts';
import { findHolders, findPlacedRelease, type PlacedRelease } from './repository.ts';

/**
 * Ends the releases that hold what a newer one takes, with what they have out as it is.
 * @throws {ApiError} `conflict`: one of them is on its way back, has not begun, or moves what the newer one does not
 */
export async function supersede(
  draft: Draft,
  means: Surroundings,
  caller: Caller,
  newer: PlacedRelease,
): Promise<void> {
  const holders = await findHolders(draft.tx, newer.environment_id, targetsOf(specOf(newer)));
  for (const id of holders) {
    const older = await findPlacedRelease(draft.tx, id);
    if (older === undefined) continue;
    if (!FORWARD.includes(stateOf(older).phase)) {
      throw new ApiError(
        'conflict',
        `Release "${older.title}" is ${older.phase.replace('_', ' ')}: only one that goes forward can be taken over. Wait for ` +
          'its end.',
        { release: older.id },
      );
    }
    const left = findLeft(specOf(older), specOf(newer));
    if (left.length > 0) {
      throw new ApiError(
        'conflict',
        `Release "${older.title}" also moves ${left.join(' and ')}, which would stay where it is with nobody to take it back: ` +
          'let this one move it as well, or abort that.',
        { release: older.id },
      );
    }
    const gathered = await gather(draft.tx, means, older, draft.atMs);
    const command = { name: 'supersede', by: `Release "${newer.title}"` } as const;
    await keep(draft, means, caller, older, gathered, obey(specOf(older), stateOf(older), command, gathered.facts));
  }
}

/** What an older release has out that a newer one does not move, for people. */
function findLeft(older: StoredSpec, newer: StoredSpec): string[] {
  const { traffic, migration } = older;
  const flags = older.flags.filter(({ id, rule }) => !newer.flags.some((flag) => flag.id === id && flag.rule === rule));
  return [
    ...flags.map(({ flag, rule }) => (rule === undefined ? `flag "${flag}"` : `flag "${flag}" at its rule "${rule}"`)),
    ...(traffic === undefined || traffic.target === newer.traffic?.target
      ? []
      : [`traffic target "${traffic.target}"`]),
    ...(migration === undefined || migration.plan === newer.migration?.plan
      ? []
      : [`migration plan "${migration.plan}"`]),
  ];
}
