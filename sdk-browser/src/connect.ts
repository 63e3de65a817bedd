import { Client } from './client.ts';
import type { Flags } from './flags.ts';
import type { ConnectOptions } from './options.ts';

/**
 * Starts keeping the page's flags in memory, and returns at once. Never throws: options that cannot be used are said
 * on the console and by the `error` event, and every answer then is the caller's default.
 *
 * ```ts
 * const flags = connect({ url: 'https://flags.example.com', clientKey: 'bnt_cli_...', context: { targetingKey: user.id } });
 * await flags.ready();
 * if (flags.isEnabled('new-checkout')) showNewCheckout();
 * ```
 */
export function connect(options: ConnectOptions): Flags {
  return new Client(options);
}
