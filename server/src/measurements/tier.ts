import type { Labels } from './labels.ts';

/** What is added up in a slot of time. */
export interface Counts<Text> {
  add(text: Text): void;
  /** It is quick to add to, and large. */
  readonly isWarm: boolean;
  /** Makes it small. */
  freeze(): void;
}

export interface TierOptions<C> {
  readonly slotMs: number;
  readonly keepMs: number;
  /** Beyond this many the oldest slots go early. */
  readonly maxCells: number;
  /** No flag has more in a slot: who makes up names takes no room from others. */
  readonly maxOfFlag: number;
  readonly create: () => C;
}

/** So many cells are warm at most, those that were added to last. Each has about 1 KB. */
const MAX_WARM = 20_000;
/** What was not added to while so many slots began is not warm either. */
const WARM_SLOTS = 5;

type Slot<C> = Map<string, Map<Labels, C>>;

/** Counts of flags in slots of time, the last ones, for as long as there is room. */
export class Tier<Text, C extends Counts<Text>> {
  readonly #options: TierOptions<C>;
  /** By when they began, in slots since 1970; then by flag. */
  readonly #slots = new Map<number, Slot<C>>();
  /** The newest slot when each was added to; what was added to last is last. */
  readonly #warm = new Map<C, number>();
  #newest = Number.NEGATIVE_INFINITY;
  #cells = 0;

  constructor(options: TierOptions<C>) {
    this.#options = options;
  }

  get keepMs(): number {
    return this.#options.keepMs;
  }

  /**
   * @param flag names it in its environment
   * @param labels shared: the same object for the same labels
   * @returns false where there is no room. What is too long ago needs none.
   */
  add(atMs: number, flag: string, labels: Labels, text: Text): boolean {
    const { slotMs, keepMs, maxCells, maxOfFlag, create } = this.#options;
    const number = Math.floor(atMs / slotMs);
    if (number <= this.#newest - keepMs / slotMs) return true;
    if (number > this.#newest) this.#turn(number);
    let slot = this.#slots.get(number);
    if (slot === undefined) {
      slot = new Map();
      this.#slots.set(number, slot);
    }
    let cells = slot.get(flag);
    if (cells === undefined) {
      cells = new Map();
      slot.set(flag, cells);
    }
    let cell = cells.get(labels);
    if (cell === undefined) {
      if (cells.size >= maxOfFlag) return false;
      if (this.#cells >= maxCells && !this.#forgetOldest(number)) return false;
      cell = create();
      cells.set(labels, cell);
      this.#cells += 1;
    }
    cell.add(text);
    if (cell.isWarm) this.#keepWarm(cell);
    return true;
  }

  /** What was counted of a flag in slots that began at `fromMs` or later and before `toMs`. In no order. */
  *between(flag: string, fromMs: number, toMs: number): Generator<{ atMs: number; labels: Labels; counts: C }> {
    const { slotMs } = this.#options;
    for (const [number, slot] of this.#slots) {
      const atMs = number * slotMs;
      if (atMs < fromMs || atMs >= toMs) continue;
      for (const [labels, counts] of slot.get(flag) ?? []) yield { atMs, labels, counts };
    }
  }

  /** Forgets what was counted as of later than this, by a clock that has been set back since: it would stand in the way. */
  forgetAfter(atMs: number): void {
    const number = Math.floor(atMs / this.#options.slotMs);
    for (const later of this.#slots.keys()) if (later > number) this.#forget(later);
    for (const cell of this.#warm.keys()) this.#warm.set(cell, number);
    this.#newest = Math.min(this.#newest, number);
  }

  /** A new slot begins: what is too old goes, what has settled is made small. */
  #turn(number: number): void {
    const { slotMs, keepMs } = this.#options;
    this.#newest = number;
    for (const old of this.#slots.keys()) if (old <= number - keepMs / slotMs) this.#forget(old);
    this.#cool((addedIn) => addedIn <= number - WARM_SLOTS);
  }

  #keepWarm(cell: C): void {
    this.#warm.delete(cell);
    this.#warm.set(cell, this.#newest);
    this.#cool(() => this.#warm.size > MAX_WARM);
  }

  /** Freezes those that were not added to for longest, as long as it is so. */
  #cool(isDue: (addedIn: number) => boolean): void {
    for (const [cell, addedIn] of this.#warm) {
      if (!isDue(addedIn)) return;
      cell.freeze();
      this.#warm.delete(cell);
    }
  }

  /** @returns false when nothing is older than the slot that room is wanted in */
  #forgetOldest(wanted: number): boolean {
    const oldest = Math.min(...this.#slots.keys());
    if (oldest >= wanted) return false;
    this.#forget(oldest);
    return true;
  }

  #forget(number: number): void {
    for (const cells of this.#slots.get(number)?.values() ?? []) this.#cells -= cells.size;
    this.#slots.delete(number);
  }
}
