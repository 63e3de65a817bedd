import type { EvaluatedValue, Json, Revision, ValuesMessage } from '@bunting/core';
import { afterEach } from 'vitest';
import { Client } from '../client.ts';
import type { Flags, FlagsEventName, FlagsEvents } from '../flags.ts';
import { TIMING, type Timing } from '../link.ts';
import type { ConnectOptions } from '../options.ts';
import { ScriptedServer } from './scripted-server.ts';

/** Done after the test, the last one first. */
export const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export async function startServer(): Promise<ScriptedServer> {
  const server = await ScriptedServer.start();
  cleanups.push(() => server.kill());
  return server;
}

export function startPage(server: ScriptedServer, options: Partial<ConnectOptions> = {}, timing: Partial<Timing> = {}) {
  const lines: string[] = [];
  const logger = { warn: (line: string) => void lines.push(line) };
  const all = { url: server.url, clientKey: 'bnt_cli_1', context: { targetingKey: 'ann' }, logger, ...options };
  const flags: Flags = new Client(all, { ...TIMING, backoffMinMs: 5, backoffMaxMs: 20, ...timing });
  cleanups.push(() => flags.close());
  return { flags, lines };
}

export const revision = (number: number): Revision => ({ incarnation: 'first', number, hash: `hash-${number}` });

export function values(
  number: number,
  served: Readonly<Record<string, Json>>,
  more: Partial<ValuesMessage> = {},
): ValuesMessage {
  const evaluated = Object.entries(served).map(([key, value]): [string, EvaluatedValue] => {
    return [key, { value, variant: JSON.stringify(value), reason: 'STATIC' }];
  });
  return {
    type: 'values',
    revision: revision(number),
    committedAtMs: 1000 + number,
    timeMs: Date.now(),
    whole: true,
    values: Object.fromEntries(evaluated),
    delete: [],
    ...more,
  };
}

/** Makes a `values` message one that only replaces. */
export const DIFFERENCES = { whole: false } as const;

export function once<Name extends FlagsEventName>(flags: Flags, name: Name): Promise<FlagsEvents[Name]> {
  return new Promise((resolve) => {
    const off = flags.on(name, (event) => {
      off();
      resolve(event);
    });
  });
}

export async function startLive(options?: Partial<ConnectOptions>, timing?: Partial<Timing>) {
  const server = await startServer();
  const page = startPage(server, options, timing);
  const peer = await server.next();
  peer.send(values(1, { a: true, theme: 'dark' }));
  await page.flags.ready();
  return { server, peer, ...page };
}
