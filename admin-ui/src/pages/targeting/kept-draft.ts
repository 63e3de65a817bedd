import type { Targeting } from '@bunting/core';
import * as z from 'zod/mini';
import type { Draft } from './draft.ts';

/** Whose draft of what. Drafts of others are never shown: a tab may see several people sign in. */
export interface DraftPlace {
  readonly user: string;
  readonly project: string;
  readonly flag: string;
  readonly environment: string;
}

const serve = z.union([
  z.object({ variant: z.string() }),
  z.object({ split: z.looseObject({ ranges: z.array(z.unknown()) }) }),
]);

/** No more than the editor needs to show it; whether it may be served is checked as it is edited. */
const targeting = z.looseObject({
  enabled: z.boolean(),
  offVariant: z.string(),
  rules: z.optional(z.array(z.looseObject({ id: z.string(), when: z.looseObject({}), serve }))),
  defaultRule: serve,
});

const kept = z.object({
  ...{ version: z.number(), base: targeting, mine: targeting, comment: z.string() },
  text: z.exactOptional(z.string()),
  request: z.exactOptional(z.object({ id: z.string(), title: z.string(), version: z.number() })),
});

/** The draft that was begun in this tab: also after a reload, and after signing in again. */
export function readDraft(place: DraftPlace): Draft | undefined {
  try {
    const text = sessionStorage.getItem(keyOf(place));
    if (text === null) return undefined;
    const { base, mine, ...rest } = kept.parse(JSON.parse(text));
    return { ...rest, base: base as unknown as Targeting, mine: mine as unknown as Targeting };
  } catch {
    return undefined;
  }
}

/** Keeps it for as long as the tab lives; undefined forgets it. */
export function keepDraft(place: DraftPlace, draft: Draft | undefined): void {
  try {
    if (draft === undefined) sessionStorage.removeItem(keyOf(place));
    else sessionStorage.setItem(keyOf(place), JSON.stringify(draft));
  } catch {
    // Storage is forbidden or full: the draft lasts as long as the page.
  }
}

function keyOf({ user, project, flag, environment }: DraftPlace): string {
  return `bunting-draft ${user} ${project}/${environment}/${flag}`;
}
