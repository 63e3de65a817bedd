import type { Instance } from './instance.ts';
import type { Roll } from './roll.ts';

/** What people group instances by. Null: it did not say. */
export interface InstanceKind {
  readonly app: string | null;
  /** That was deployed. */
  readonly version: string | null;
  /** Null: told by a server of an earlier version. */
  readonly sdk: { readonly name: string; readonly version: string } | null;
  /** Id of the key that let it in. */
  readonly key: string | null;
  readonly relay: string | null;
}

/** The kinds of a part's instances: each once, and which is whose. A crowd has few, so it costs four bytes an instance. */
export interface Kinds {
  readonly table: readonly InstanceKind[];
  /** A place in the table for each instance, in the order of the part's entries. */
  readonly of: Uint32Array;
}

export const UNKNOWN_KIND: InstanceKind = { app: null, version: null, sdk: null, key: null, relay: null };

/** In the order of `takePart`, when nothing has happened between the two. */
export function takeKinds(roll: Roll): Kinds {
  const places = new Map<string, number>();
  const table: InstanceKind[] = [];
  const instances = [...roll.connected(), ...roll.lost()];
  const of = Uint32Array.from(instances, (instance) => {
    const kind = kindOf(instance);
    const name = nameOfKind(kind);
    const place = places.get(name) ?? table.push(kind) - 1;
    places.set(name, place);
    return place;
  });
  return { table, of };
}

/** Kinds are the same when their names are. */
export function nameOfKind({ app, version, sdk, key, relay }: InstanceKind): string {
  return JSON.stringify([app, version, sdk?.name, sdk?.version, key, relay]);
}

function kindOf({ introduction, keyId, via }: Instance): InstanceKind {
  const { instance, sdk, deploy } = introduction;
  return {
    app: instance.app ?? null,
    version: deploy?.version ?? null,
    sdk: { name: sdk.name, version: sdk.version },
    key: keyId ?? null,
    relay: via ?? null,
  };
}
