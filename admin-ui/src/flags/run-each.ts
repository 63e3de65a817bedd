/** What became of each of many. */
export interface EachOutcome<Item> {
  readonly done: readonly Item[];
  readonly failed: readonly { readonly item: Item; readonly error: unknown }[];
  /** Not begun: someone stopped it before. */
  readonly left: readonly Item[];
}

interface RunOptions {
  /** Told of each that ended, well or not. */
  readonly onProgress: (ended: number) => void;
  /** Begins no further ones; what is under way is waited for. */
  readonly signal: AbortSignal;
}

/** How many run at once: quicker than one by one, and no burst for the server. */
const atOnce = 4;

/** Does the same to many, a few at a time. One that fails stops none of the others; never rejects. */
export async function runEach<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<unknown>,
  { onProgress, signal }: RunOptions,
): Promise<EachOutcome<Item>> {
  const done: Item[] = [];
  const failed: { item: Item; error: unknown }[] = [];
  let next = 0;
  const work = async () => {
    while (next < items.length && !signal.aborted) {
      const item = items[next++] as Item;
      try {
        await act(item);
        done.push(item);
      } catch (error) {
        failed.push({ item, error });
      }
      onProgress(done.length + failed.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return { done, failed, left: items.slice(next) };
}
