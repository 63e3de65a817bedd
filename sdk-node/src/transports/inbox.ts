import { MAX_MESSAGE_BYTES, unpack } from './unpack.ts';

export interface InboxOwner {
  /** The text of a frame. */
  deliver(text: string): void;
  /** A frame could not be read. Nothing comes after it. */
  fail(detail: string): void;
}

/**
 * Hands over a connection's frames in the order they came. What comes while one is being decompressed waits for it;
 * everything else is handed over at once.
 */
export class Inbox {
  readonly #owner: InboxOwner;
  readonly #maxWaitingBytes: number;
  readonly #waiting: { readonly action: () => void; readonly bytes: number }[] = [];
  #waitingBytes = 0;
  #isUnpacking = false;
  #isClosed = false;

  constructor(owner: InboxOwner, maxWaitingBytes = MAX_MESSAGE_BYTES) {
    this.#owner = owner;
    this.#maxWaitingBytes = maxWaitingBytes;
  }

  /** Takes a frame: text, or packed by gzip. */
  put(data: Buffer, isPacked: boolean): void {
    if (this.#isUnpacking) {
      this.#waitingBytes += data.length;
      if (this.#waitingBytes > this.#maxWaitingBytes) this.#fail('more frames than can wait for a packed one');
    }
    this.#queue(() => (isPacked ? void this.#unpack(data) : this.#owner.deliver(data.toString())), data.length);
  }

  /** Calls `action` when all that came before was handed over. */
  after(action: () => void): void {
    this.#queue(action, 0);
  }

  /** Hands nothing over any more. */
  close(): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
  }

  #queue(action: () => void, bytes: number): void {
    if (this.#isClosed) return;
    if (this.#isUnpacking) this.#waiting.push({ action, bytes });
    else action();
  }

  async #unpack(data: Buffer): Promise<void> {
    this.#isUnpacking = true;
    let text: string | undefined;
    let problem = '';
    try {
      text = await unpack(data);
    } catch (cause) {
      problem = `a packed frame that cannot be unpacked: ${cause instanceof Error ? cause.message : cause}`;
    }
    this.#isUnpacking = false;
    if (this.#isClosed) return;
    if (text === undefined) this.#fail(problem);
    else this.#owner.deliver(text);
    this.#drain();
  }

  /** Goes on until one of those that waited is packed, too. */
  #drain(): void {
    while (!this.#isUnpacking) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#waitingBytes -= next.bytes;
      next.action();
    }
  }

  #fail(detail: string): void {
    this.close();
    this.#owner.fail(detail);
  }
}
