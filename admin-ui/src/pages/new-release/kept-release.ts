import * as z from 'zod/mini';
import type { ReleaseSpec } from '../../releases/release-spec.ts';
import { readRelease } from './read-release.ts';

/** Whose draft it is. Drafts of others are never shown: a tab may see several people sign in. */
export interface KeptPlace {
  readonly user: string;
  readonly project: string;
}

export interface KeptRelease {
  /** What it was begun from: `template canary`, `release 01...`. */
  readonly origin: string;
  readonly spec: ReleaseSpec;
}

const kept = z.object({ origin: z.string(), spec: z.unknown() });

/** The release that was begun in this tab: also after a reload, and after signing in again. */
export function readKept(place: KeptPlace): KeptRelease | undefined {
  try {
    const { origin, spec } = kept.parse(JSON.parse(sessionStorage.getItem(keyOf(place)) ?? 'null'));
    const read = readRelease(spec);
    return 'spec' in read ? { origin, spec: read.spec } : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps it for as long as the tab lives; undefined forgets it. */
export function keepRelease(place: KeptPlace, release: KeptRelease | undefined): void {
  try {
    if (release === undefined) sessionStorage.removeItem(keyOf(place));
    else sessionStorage.setItem(keyOf(place), JSON.stringify(release));
  } catch {
    // Storage is forbidden or full: the draft lasts as long as the page.
  }
}

function keyOf({ user, project }: KeptPlace): string {
  return `bunting-release ${user} ${project}`;
}
