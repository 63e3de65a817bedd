import { t } from '@lingui/core/macro';
import type { FlagFilter } from '../../api/flags.ts';
import type { FlagsSearch } from '../../searches.ts';
import { wordOf } from '../../ui/code-words.ts';

/** What the list's address asks of the server. */
export function filterOf({ on, off, sort, create: _, ...same }: FlagsSearch): FlagFilter {
  const environment = on ?? off;
  return {
    ...same,
    ...(environment !== undefined && { environment, enabled: on !== undefined }),
    sort: sort === 'recent' ? '-updatedAt' : undefined,
  };
}

/** What narrows the list besides the search and where archived flags lie: each in words, and what takes it away. */
export function narrowings(search: FlagsSearch): { readonly name: string; readonly without: FlagsSearch }[] {
  const { type, kind, tag, owner, on, off, stale, killed } = search;
  const found: { name: string; without: FlagsSearch }[] = [];
  if (type) found.push({ name: t`Type: ${wordOf(type)}`, without: { type: undefined } });
  if (kind) found.push({ name: t`Kind: ${wordOf(kind)}`, without: { kind: undefined } });
  if (tag) found.push({ name: t`Tag: ${tag}`, without: { tag: undefined } });
  if (owner) found.push({ name: t`Owner: ${owner}`, without: { owner: undefined } });
  if (on) found.push({ name: t`On in ${on}`, without: { on: undefined } });
  if (off && !on) found.push({ name: t`Off in ${off}`, without: { off: undefined } });
  if (stale) found.push({ name: t`Outlived its purpose`, without: { stale: undefined } });
  if (killed) found.push({ name: t`Killed`, without: { killed: undefined } });
  return found;
}

/** Nothing of it narrows the list. */
export const everything: FlagsSearch = {
  ...{ search: undefined, type: undefined, kind: undefined, tag: undefined, owner: undefined },
  ...{ on: undefined, off: undefined, stale: undefined, killed: undefined },
};
