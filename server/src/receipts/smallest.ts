/** The `size` smallest items, ascending, without sorting the others: a page of 50 out of 10 000 costs one look at each. */
export function smallest<T>(items: Iterable<T>, size: number, compare: (a: T, b: T) => number): T[] {
  const found: T[] = [];
  for (const item of items) {
    const last = found.at(-1);
    if (found.length >= size && (last === undefined || compare(item, last) >= 0)) continue;
    let [low, high] = [0, found.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = found[middle];
      if (other !== undefined && compare(other, item) <= 0) low = middle + 1;
      else high = middle;
    }
    found.splice(low, 0, item);
    if (found.length > size) found.pop();
  }
  return found;
}
