import { type Json, toCanonicalJson } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import { requirePermission } from '../access/guard.ts';
import type { Caller } from '../audit/actor.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import { validationFailed } from '../http/api-error.ts';
import { gather, type Surroundings } from './gather.ts';
import { keep } from './keep.ts';
import { type DraftMeans, refuseUnworkableHere, toStoredSpec } from './make-draft.ts';
import { findPlaced, type ReleasePlace } from './placed.ts';
import { obeyOrRefuse } from './read-command.ts';
import type { StoredSpec } from './release.ts';
import type { ReleaseInput } from './schemas.ts';

/**
 * Makes something else of a draft, which is approved anew; what it is already changes nothing.
 * @param ifVersion the version that the caller has seen; undefined: whatever it is
 * @throws {ApiError} `validation_failed` with all that cannot work; `wrong_state` once it has begun, or has a time
 */
export async function editDraft(
  means: DraftMeans & Surroundings,
  caller: Caller,
  at: ReleasePlace,
  input: Static<typeof ReleaseInput>,
  ifVersion: number | undefined,
): Promise<void> {
  const { changes, database } = means;
  const { project, environment } = await findPlaced(database, at);
  requirePermission(caller, 'release:write', { project, environment });
  if (input.environment !== environment) {
    throw validationFailed([
      { path: 'environment', message: `is ${environment}, and stays: make another release for ${input.environment}` },
    ]);
  }
  const written = await refuseUnworkableHere(means, caller, project, input);
  await changes.commit(caller, async (draft) => {
    const release = await findPlaced(draft.tx, at);
    const target = { kind: 'release', key: release.id };
    await refuseOutdated(draft.tx, ifVersion, { project, environment, target, version: release.version });
    const gathered = await gather(draft.tx, means, release, draft.atMs);
    const step = obeyOrRefuse(release, { name: 'edit', by: caller.actor.id }, gathered);
    const spec = await toStoredSpec(draft.tx, means.plans, release, written);
    const { title } = input;
    if (title === release.title && isSame(spec, JSON.parse(release.spec))) return;
    await keep(draft, means, caller, release, gathered, step, { title, spec: JSON.stringify(spec) });
  });
}

/** Whatever the order of their members. */
function isSame(spec: StoredSpec, stored: Json): boolean {
  return toCanonicalJson(JSON.parse(JSON.stringify(spec)) as Json) === toCanonicalJson(stored);
}
