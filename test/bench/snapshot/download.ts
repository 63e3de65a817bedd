import { SUBPROTOCOL } from '@bunting/core';
import { WebSocket } from 'ws';
import { hello } from '../../processes/socket.ts';

export interface Download {
  readonly bytes: number;
  /** From the hello to the whole snapshot, which is not unpacked. */
  readonly tookMs: number;
}

/** Gets a whole ruleset as an SDK does. */
export function download(serverUrl: string, key: string, options: { readonly packed: boolean }): Promise<Download> {
  const socket = new WebSocket(`${serverUrl.replace('http', 'ws')}/stream`, SUBPROTOCOL, { maxPayload: 2 ** 28 });
  return new Promise<Download>((resolve, reject) => {
    let startedMs = 0;
    socket.on('open', () => {
      startedMs = performance.now();
      socket.send(JSON.stringify(hello(key, options.packed ? { accept: ['gzip'] } : {})));
    });
    socket.on('message', (data: Buffer, isBinary) => {
      // Only snapshots are ever packed.
      const type = isBinary ? 'snapshot' : /^\{"type":"(\w+)"/.exec(data.toString('utf8', 0, 40))?.[1];
      if (type === 'error') reject(new Error(data.toString()));
      if (type !== 'snapshot') return;
      if (isBinary !== options.packed) reject(new Error(`the snapshot came ${isBinary ? 'packed' : 'as text'}`));
      else resolve({ bytes: data.length, tookMs: performance.now() - startedMs });
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed the connection before the snapshot')));
  }).finally(() => socket.terminate());
}
