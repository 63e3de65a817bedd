/** What measurements can be kept apart by. */
export const DIMENSIONS = ['variant', 'rule', 'reason', 'path', 'version', 'instance'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/**
 * What something was measured of. Absent: not kept apart by it. The variant is empty where the caller's default was
 * served, the rule where none decided, the version where the host said none.
 */
export type Labels = { readonly [D in Dimension]?: string | undefined };

/** Different for different labels; in no label there is a NUL but by mischief, which then mixes its own figures. */
export function keyOf(labels: Labels): string {
  return DIMENSIONS.map((dimension) => labels[dimension] ?? '').join('\0');
}

/** Only those labels that are asked for. */
export function pick(labels: Labels, by: readonly Dimension[]): Labels {
  return Object.fromEntries(by.map((dimension) => [dimension, labels[dimension]]));
}

/** So many labels are shared at least before the ones that were not used lately are forgotten. */
const MAX_SHARED = 20_000;

/** Makes equal labels one object: they stand in very many places. */
export class SharedLabels {
  #young = new Map<string, Labels>();
  #old = new Map<string, Labels>();

  of(labels: Labels): Labels {
    const key = keyOf(labels);
    const known = this.#young.get(key);
    if (known !== undefined) return known;
    const shared = this.#old.get(key) ?? labels;
    if (this.#young.size >= MAX_SHARED) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, shared);
    return shared;
  }
}
