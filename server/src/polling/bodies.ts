import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Update } from './updates.ts';

const gzipOffThread = promisify(gzip);

/** Smaller bodies gain nothing. */
const MIN_PACKED_BYTES = 1024;

interface Body {
  readonly plain: Buffer;
  packed?: Promise<Buffer>;
}

/** Updates as bodies of HTTP responses: the messages with an empty line between them, each form made once for all. */
export class Bodies {
  readonly #bodies = new WeakMap<Update, Body>();

  /** The body, and the coding it is in. */
  async of(update: Update, acceptsGzip: boolean): Promise<{ bytes: Buffer; encoding: 'gzip' | 'identity' }> {
    let body = this.#bodies.get(update);
    if (body === undefined) {
      body = { plain: Buffer.from(update.messages.join('\n\n')) };
      this.#bodies.set(update, body);
    }
    if (!acceptsGzip || body.plain.length < MIN_PACKED_BYTES) return { bytes: body.plain, encoding: 'identity' };
    body.packed ??= gzipOffThread(body.plain);
    return { bytes: await body.packed, encoding: 'gzip' };
  }
}
