/**
 * A map that looks immutable from outside and costs O(changes) to derive from. The newest version owns the real
 * `Map`; a version that was derived from keeps only what its successor replaced, and looks the rest up there. So the
 * hot path of the newest version is one `Map.get`, and an old version stays readable for as long as someone holds it.
 */
export class VersionedMap<V> {
  /** Set while this version is the newest. */
  #map: Map<string, V> | undefined;
  /** Set afterwards: what the successor replaced or added (undefined: this version has no such key). */
  #replaced: Map<string, V | undefined> | undefined;
  #successor: VersionedMap<V> | undefined;
  /** The number of keys. */
  readonly size: number;

  constructor(map: Map<string, V>) {
    this.#map = map;
    this.size = map.size;
  }

  get(key: string): V | undefined {
    return this.#map === undefined ? this.#find(key) : this.#map.get(key);
  }

  values(): Iterable<V> {
    return this.#materialise().values();
  }

  keys(): Iterable<string> {
    return this.#materialise().keys();
  }

  /** A version with these entries set, or removed where the value is undefined. */
  with(changes: ReadonlyMap<string, V | undefined>): VersionedMap<V> {
    const owned = this.#map;
    const map = owned ?? new Map(this.#materialise());
    const replaced = new Map<string, V | undefined>();
    for (const [key, value] of changes) {
      replaced.set(key, map.get(key));
      if (value === undefined) map.delete(key);
      else map.set(key, value);
    }
    const successor = new VersionedMap(map);
    if (owned !== undefined) {
      this.#map = undefined;
      this.#replaced = replaced;
      this.#successor = successor;
    }
    return successor;
  }

  #find(key: string): V | undefined {
    let version: VersionedMap<V> = this;
    while (version.#map === undefined) {
      if (version.#replaced?.has(key)) return version.#replaced.get(key);
      if (version.#successor === undefined) return undefined;
      version = version.#successor;
    }
    return version.#map.get(key);
  }

  /** This version's entries: the map itself, or for an old version a copy (which it then keeps). */
  #materialise(): Map<string, V> {
    if (this.#map !== undefined) return this.#map;
    const versions: VersionedMap<V>[] = [];
    let version: VersionedMap<V> | undefined = this;
    let map: Map<string, V> | undefined;
    while (version !== undefined && map === undefined) {
      if (version.#map === undefined) versions.push(version);
      else map = new Map(version.#map);
      version = version.#successor;
    }
    map ??= new Map();
    for (const older of versions.reverse()) {
      for (const [key, value] of older.#replaced ?? []) {
        if (value === undefined) map.delete(key);
        else map.set(key, value);
      }
    }
    this.#map = map;
    this.#replaced = undefined;
    this.#successor = undefined;
    return map;
  }
}
