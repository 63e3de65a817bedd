import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** Rulesets of 100 000 flags fit; a server gone mad does not fill the host's memory. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

const gunzipOffThread = promisify(gunzip);

/**
 * The text in a gzip frame. Decompressed off the main thread, to at most `maxBytes`.
 * @throws {Error} when it is no gzip, no UTF-8 or too large
 */
export async function unpack(packed: Buffer, maxBytes = MAX_MESSAGE_BYTES): Promise<string> {
  const bytes = await gunzipOffThread(packed, { maxOutputLength: maxBytes });
  if (!isUtf8(bytes)) throw new Error('it holds bytes that are not UTF-8');
  return bytes.toString();
}
