import type { EvaluatedValue, Revision, ValuesMessage } from './protocol.ts';

/** The evaluated values of a page, as the server keeps them. */
export class Values {
  /** Undefined while there are none. */
  revision: Revision | undefined;
  #values: ReadonlyMap<string, EvaluatedValue> = new Map();
  #awaitsWhole = true;
  /** Of the message that differences must have to follow on. */
  #nextSeq: number | undefined;

  get(key: string): EvaluatedValue | undefined {
    return this.#values.get(key);
  }

  /** Differences make no sense until all values came anew: on a new connection, or for another context. */
  awaitWhole(): void {
    this.#awaitsWhole = true;
  }

  /** All of them, as they would travel. */
  get all(): Readonly<Record<string, EvaluatedValue>> {
    return Object.fromEntries(this.#values);
  }

  /** Returns the keys of the flags that changed; undefined when these are differences to what never came. */
  apply({ seq, whole, values, delete: deleted, revision }: ValuesMessage): readonly string[] | undefined {
    if (!whole && (this.#awaitsWhole || seq !== this.#nextSeq)) return undefined;
    this.#nextSeq = seq && seq + 1;
    const before = this.#values;
    const after = new Map(whole ? [] : before);
    for (const [key, value] of Object.entries(values)) {
      const known = before.get(key);
      // An object that says the same stays the same object: whoever compares by identity sees no change.
      after.set(key, known !== undefined && text(known) === text(value) ? { ...value, value: known.value } : value);
    }
    for (const key of deleted) after.delete(key);
    this.#values = after;
    this.#awaitsWhole = false;
    this.revision = revision;
    const keys = new Set([...before.keys(), ...after.keys()]);
    return [...keys].filter((key) => text(before.get(key)) !== text(after.get(key)));
  }
}

function text(value: EvaluatedValue | undefined): string | undefined {
  return value && JSON.stringify([value.value, value.variant]);
}
