import { readMessage, type ValuesMessage } from './protocol.ts';

/** What came last for a context, and when that was: milliseconds since 1970, UTC. */
export interface Remembered {
  readonly message: ValuesMessage;
  readonly atMs: number;
}

/** `localStorage`, or anything like it. */
export type CacheStorage = Pick<Storage, 'getItem' | 'setItem'>;

/**
 * Remembers the latest values of one context, so that the next page has them before the server answers. The context
 * itself is not stored, only a hash of it. Storage that is full, forbidden or spoilt is as good as none.
 */
export class LocalCache {
  readonly #storage: CacheStorage;
  readonly #name: string;

  constructor(storage: CacheStorage, clientKey: string) {
    this.#storage = storage;
    this.#name = `bunting:${clientKey}`;
  }

  read(context: unknown): Remembered | undefined {
    try {
      const { of, atMs, ...stored } = JSON.parse(this.#storage.getItem(this.#name) ?? '');
      if (of !== hashOf(context) || typeof atMs !== 'number') return undefined;
      return toRemembered(stored, atMs);
    } catch {
      return undefined;
    }
  }

  write(context: unknown, { message, atMs }: Remembered): void {
    try {
      this.#storage.setItem(this.#name, JSON.stringify({ ...message, of: hashOf(context), atMs }));
    } catch {
      // The values are in memory all the same.
    }
  }
}

/** Values that someone else kept, as whole as the server would have sent them. Throws when they are malformed. */
export function toRemembered(stored: object, atMs: number): Remembered | undefined {
  // What does not say when it was committed is malformed when it does not say of when it is, either.
  const whole = { committedAtMs: atMs, ...stored, type: 'values', whole: true, delete: [] };
  const message = readMessage(JSON.stringify(whole));
  return message?.type === 'values' ? { message, atMs } : undefined;
}

/** FNV-1a over UTF-16 units, from two starts: 64 bits as text. */
function hashOf(context: unknown): string {
  const text = JSON.stringify(context);
  return [0x811c9dc5, 0x2f0b4c47]
    .map((start) => {
      let hash = start;
      for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
      return (hash >>> 0).toString(36);
    })
    .join();
}
