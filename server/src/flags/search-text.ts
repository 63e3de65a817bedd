import { searchable } from '../http/page.ts';

/** What a search of flags looks in. */
export function searchTextOf(flag: {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly owner?: string | null;
}): string {
  const { key, name, description, tags, owner } = flag;
  return searchable(key, name, owner ?? '', ...tags, description);
}
