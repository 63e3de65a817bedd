import { type Item, pageKey, pageOf, type SnapshotMessage, toItem } from '@bunting/core';

/** As the server cuts a list of so many keys: 32 to 64 of them on a page. */
export function pageCount(keys: number): number {
  return 2 ** Math.ceil(Math.log2(keys / 64));
}

export function keyOf(i: number): string {
  return `user-${String(i).padStart(8, '0')}`;
}

/** Every second of the first `2 * count` subjects. */
export function members(count: number): string[] {
  return Array.from({ length: count }, (_, i) => keyOf(2 * i));
}

/** The pages of a list, by their numbers. */
export function cut(keys: readonly string[], pages: number): string[][] {
  const all: string[][] = Array.from({ length: pages }, () => []);
  for (const key of keys) all[pageOf(key, pages)]?.push(key);
  return all;
}

export function pageItem(page: number, keys: readonly string[]): Item {
  return toItem('keys', { key: pageKey('members', 'included', page), keys: [...keys].sort() } as { key: string });
}

const asking = {
  key: 'asked',
  type: 'boolean',
  variants: [
    { name: 'on', value: true },
    { name: 'off', value: false },
  ],
  enabled: true,
  offVariant: 'off',
  rules: [{ id: 'r', when: { segment: 'members' }, serve: { variant: 'on' } }],
  defaultRule: { variant: 'off' },
};

/** A flag that is on for the members of a segment, whose keys are in its document or, given a number, in pages. */
export function snapshotOf(keys: readonly string[], pages?: number): SnapshotMessage {
  const included = pages === undefined ? keys.join('\n') : { pages };
  const segment = toItem('segment', { key: 'members', included } as { key: string });
  const pageItems = pages === undefined ? [] : cut(keys, pages).map((each, page) => pageItem(page, each));
  return {
    type: 'snapshot',
    revision: { incarnation: 'bench', number: 1, hash: 'bench' },
    committedAtMs: 0,
    timeMs: 0,
    kills: [],
    items: [toItem('flag', asking), segment, ...pageItems],
  };
}
