import { readFileSync, statSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { fileURLToPath } from 'node:url';
import type { SnapshotMessage } from '@bunting/core';
import { MAX_MESSAGE_BYTES } from '../transports/unpack.ts';
import { parseSnapshot, toSnapshot } from './bootstrap.ts';

const FETCH_TIMEOUT_MS = 10_000;

/** Where a bootstrap is taken from. */
export type BootstrapSource =
  | { readonly type: 'document'; readonly document: unknown }
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'fetched'; readonly url: URL };

/** @throws {Error} when it is a URL that no bootstrap can be taken from */
export function bootstrapSourceOf(option: unknown): BootstrapSource {
  if (typeof option !== 'string' && !(option instanceof URL)) return { type: 'document', document: option };
  // A drive's letter is no scheme.
  const isUrl = option instanceof URL || /^[a-z][a-z0-9+.-]+:/i.test(option);
  if (!isUrl) return { type: 'file', path: option };
  const url = new URL(option);
  if (url.protocol === 'file:') return { type: 'file', path: fileURLToPath(url) };
  if (url.protocol === 'https:' || url.protocol === 'http:') return { type: 'fetched', url };
  throw new Error(`${url.protocol} is none of file:, https: and http:`);
}

/** @throws {Error} that says why it cannot be used */
export function readBootstrap(source: Exclude<BootstrapSource, { type: 'fetched' }>): SnapshotMessage {
  if (source.type === 'document') return toSnapshot(source.document);
  // Reading what is no file, such as a pipe, could take for ever.
  if (!statSync(source.path).isFile()) throw new Error(`${source.path} is no file`);
  return parseSnapshot(readFileSync(source.path, 'utf8'));
}

/**
 * Asks once, for 10 s and 64 MiB at most; follows no redirect. `fetch` would keep the process alive.
 * @throws {Error} that says why it cannot be used
 */
export function fetchBootstrap(url: URL): Promise<SnapshotMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, { agent: false });
    const timer = setTimeout(
      () => request.destroy(new Error(`no answer within ${FETCH_TIMEOUT_MS} ms`)),
      FETCH_TIMEOUT_MS,
    ).unref();
    const done = (settle: () => void) => {
      clearTimeout(timer);
      request.destroy();
      settle();
    };
    request.on('socket', (socket) => socket.unref());
    request.on('error', (cause) => done(() => reject(cause)));
    request.on('response', async (answer) => {
      try {
        if (answer.statusCode !== 200) throw new Error(`${url.origin} answered HTTP ${answer.statusCode}`);
        const chunks: Buffer[] = [];
        let size = 0;
        for await (const chunk of answer as AsyncIterable<Buffer>) {
          size += chunk.length;
          if (size > MAX_MESSAGE_BYTES) throw new Error(`it has more than ${MAX_MESSAGE_BYTES} bytes`);
          chunks.push(chunk);
        }
        const snapshot = parseSnapshot(Buffer.concat(chunks).toString());
        done(() => resolve(snapshot));
      } catch (cause) {
        done(() => reject(cause));
      }
    });
    request.end();
  });
}
