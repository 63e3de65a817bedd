import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Update } from './updates.ts';

const gzipOffThread = promisify(gzip);

/** Shorter bodies gain nothing. */
const MIN_PACKED_LENGTH = 1024;

interface Body {
  plain?: Buffer;
  packed?: Promise<Buffer>;
}

/** Updates as bodies of HTTP responses: the messages with an empty line between them, each form made once, when asked for. */
export class Bodies {
  readonly #bodies = new WeakMap<Update, Body>();

  /** The body, and the coding it is in. */
  async of(update: Update, acceptsGzip: boolean): Promise<{ bytes: Buffer; encoding: 'gzip' | 'identity' }> {
    const body = this.#bodies.get(update) ?? {};
    this.#bodies.set(update, body);
    const isLarge = update.messages.reduce((length, message) => length + message.length, 0) >= MIN_PACKED_LENGTH;
    if (acceptsGzip && isLarge) {
      body.packed ??= gzipOffThread(write(update));
      return { bytes: await body.packed, encoding: 'gzip' };
    }
    body.plain ??= write(update);
    return { bytes: body.plain, encoding: 'identity' };
  }
}

function write({ messages }: Update): Buffer {
  return Buffer.from(messages.join('\n\n'));
}
