/** So many of an instance's latest windows are known by number; an older one is taken to be known. */
const MAX_NUMBERS = 64;
/** Beyond this many instances the one that was heard of longest ago is forgotten. */
const MAX_INSTANCES = 20_000;

/** Which windows were counted: a connection may be lost before the sender knows that its window has arrived. */
export class SeenWindows {
  /** Numbers ascending, by environment and instance; who was heard of last is last. */
  readonly #instances = new Map<string, number[]>();

  /** @returns false when the window was taken before */
  take(environmentId: string, instance: string, seq: number): boolean {
    const key = `${environmentId} ${instance}`;
    const numbers = this.#instances.get(key) ?? [];
    const place = numbers.findLastIndex((number) => number <= seq);
    if (numbers[place] === seq || (place < 0 && numbers.length === MAX_NUMBERS)) return false;
    numbers.splice(place + 1, 0, seq);
    if (numbers.length > MAX_NUMBERS) numbers.shift();
    this.#instances.delete(key);
    this.#instances.set(key, numbers);
    if (this.#instances.size > MAX_INSTANCES) {
      const [oldest = ''] = this.#instances.keys();
      this.#instances.delete(oldest);
    }
    return true;
  }
}
