import { afterEach } from 'vitest';
import { Client } from '../client.ts';
import { TIMING, type Timing } from '../connection/timing.ts';
import type { FlagsEventName, FlagsEvents } from '../events.ts';
import type { Flags } from '../flags.ts';
import { type ConnectOptions, readOptions } from '../options.ts';
import { Sync } from '../sync.ts';
import type { TransportName } from '../transports/transport.ts';
import { onFlag, snapshot } from './documents.ts';
import { ScriptedServer } from './scripted-server.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A server that is gone after the test, on a free port or on the one given. */
export async function startServer(port?: number): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(port);
  cleanups.push(() => server.kill().catch(() => {}));
  return server;
}

export interface Tuning {
  readonly timing?: Partial<Timing>;
  readonly staleAfterMs?: number;
  readonly transports?: readonly TransportName[];
  readonly pollIntervalMs?: number;
  /** Further options. */
  readonly options?: Partial<ConnectOptions>;
}

/** A client that retries fast and is closed after the test; `lines` is what it logs. */
export function startClient(
  server: { readonly url: string },
  { timing, staleAfterMs, transports, pollIntervalMs, options }: Tuning = {},
) {
  const lines: string[] = [];
  const keep = (line: string) => lines.push(line);
  const settings = readOptions({
    url: server.url,
    sdkKey: 'bnt_srv_secret',
    app: 'shop',
    instanceId: 'shop-1',
    deploy: { version: '1.4.0' },
    staleAfterMs,
    transports,
    logger: { info: keep, warn: keep, error: keep },
    ...options,
  });
  const tuned = { ...settings, pollIntervalMs: pollIntervalMs ?? settings.pollIntervalMs };
  const hasty = { ...TIMING, backoffMinMs: 5, backoffMaxMs: 20, ...timing };
  const flags: Flags = new Client(tuned.logger, (listeners) => new Sync(tuned, listeners, hasty));
  cleanups.push(() => flags.close());
  return { flags, lines };
}

/** The next event of that name. */
export function once<Name extends FlagsEventName>(flags: Flags, name: Name): Promise<FlagsEvents[Name]> {
  return new Promise((resolve) => {
    const off = flags.on(name, (event) => {
      off();
      resolve(event);
    });
  });
}

/** A client that has a snapshot of revision 1 with flag `a` on. */
export async function startLive(tuning?: Tuning) {
  const server = await startServer();
  const { flags, lines } = startClient(server, tuning);
  const peer = await server.next();
  peer.send(snapshot(1, [onFlag('a'), onFlag('b')]));
  await flags.ready();
  return { server, flags, lines, peer };
}

export const HEARTBEAT = { type: 'heartbeat', timeMs: Date.now(), dataAgeMs: 0 } as const;
