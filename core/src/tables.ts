import { DocumentSlot } from './document-slot.ts';
import { FlagSlot } from './flag-slot.ts';
import type { Holdout, Layer } from './model.ts';
import { PageSlot } from './page-slot.ts';
import { SegmentSlot } from './segment-slot.ts';
import { PageLists } from './segments/page-lists.ts';
import type { Item, ItemKind, ItemName } from './sync/messages.ts';
import { checkHoldout, checkLayer } from './validate/check-shared.ts';
import { VersionedMap } from './versioned-map.ts';

/** The slot of each kind of document. */
interface Slots {
  readonly flag: FlagSlot;
  readonly segment: SegmentSlot;
  readonly keys: PageSlot;
  readonly layer: DocumentSlot<Layer>;
  readonly holdout: DocumentSlot<Holdout>;
}

/** A ruleset's documents, by kind and key; the pages of keys also by their numbers. */
export type Tables = ByKind & { readonly pages: PageLists };
type ByKind = { readonly [K in ItemKind]: VersionedMap<Slots[K]> };

/** How slots are made. `killed` matters to flags alone. */
const MAKERS: { readonly [K in ItemKind]: (key: string, json: string, killed: boolean) => Slots[K] } = {
  flag: (key, json, killed) => new FlagSlot(key, json, killed),
  segment: (key, json) => new SegmentSlot(key, json),
  keys: (key, json) => new PageSlot(key, json),
  layer: (key, json) => new DocumentSlot<Layer>(key, json, checkLayer),
  holdout: (key, json) => new DocumentSlot<Holdout>(key, json, checkHoldout),
};

export const KINDS = Object.keys(MAKERS) as readonly ItemKind[];

/** New tables of these items. A slot of `previous` is kept where the item is the same in it. */
export function buildTables(items: readonly Item[], isKilled: (key: string) => boolean, previous?: Tables): Tables {
  const before: ByKind | undefined = previous;
  const build = <K extends ItemKind>(kind: K): Map<string, Slots[K]> => {
    const slots = new Map<string, Slots[K]>();
    for (const item of items) {
      if (item.kind !== kind) continue;
      const { key, json } = item;
      const killed = kind === 'flag' && isKilled(key);
      const known = before?.[kind].get(key);
      const isSame =
        known !== undefined && known.json === json && (!(known instanceof FlagSlot) || known.killed === killed);
      slots.set(key, isSame ? known : MAKERS[kind](key, json, killed));
    }
    return slots;
  };
  const keys = build('keys');
  return {
    flag: new VersionedMap(build('flag')),
    segment: new VersionedMap(build('segment')),
    keys: new VersionedMap(keys),
    layer: new VersionedMap(build('layer')),
    holdout: new VersionedMap(build('holdout')),
    pages: new PageLists().with(keys),
  };
}

/** The tables after deleting and then putting items, at a cost proportional to these. */
export function changeTables(
  tables: Tables,
  deleted: readonly ItemName[],
  items: readonly Item[],
  isKilled: (key: string) => boolean,
): Tables {
  const changesOf = <K extends ItemKind>(kind: K): Map<string, Slots[K] | undefined> => {
    const changes = new Map<string, Slots[K] | undefined>();
    for (const name of deleted) if (name.kind === kind) changes.set(name.key, undefined);
    for (const { kind: itemKind, key, json } of items) {
      if (itemKind === kind) changes.set(key, MAKERS[kind](key, json, kind === 'flag' && isKilled(key)));
    }
    return changes;
  };
  const before: ByKind = tables;
  const change = <K extends ItemKind>(kind: K, changes = changesOf(kind)): VersionedMap<Slots[K]> =>
    changes.size === 0 ? before[kind] : before[kind].with(changes);
  const keys = changesOf('keys');
  return {
    flag: change('flag'),
    segment: change('segment'),
    keys: change('keys', keys),
    layer: change('layer'),
    holdout: change('holdout'),
    pages: tables.pages.with(keys),
  };
}
