import { Client } from './client.ts';
import { TIMING } from './connection/timing.ts';
import type { Flags } from './flags.ts';
import { type ConnectOptions, readOptions } from './options.ts';
import { OverriddenSource } from './overrides/overridden-source.ts';
import { Sync } from './sync.ts';

/**
 * Starts keeping the flags of one environment in memory, and returns at once. Never throws: options that cannot be
 * used are said by the logger and the `error` event, and every evaluation then answers the caller's default.
 *
 * ```ts
 * const flags = connect({ url: 'https://flags.example.com', sdkKey: process.env.BUNTING_SDK_KEY ?? '' });
 * await flags.ready();
 * if (flags.isEnabled('new-checkout', { targetingKey: user.id })) showNewCheckout();
 * ```
 *
 * One client serves a whole process. It does not keep the process alive.
 */
export function connect(options: ConnectOptions): Flags {
  const settings = readOptions(options);
  const { overrides, logger } = settings;
  return new Client(logger, (listeners) => {
    const sync = new Sync(settings, listeners, TIMING);
    return overrides === undefined ? sync : new OverriddenSource(sync, overrides, listeners, logger);
  });
}
