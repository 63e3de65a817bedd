import { memoryOf, type TestFlags } from '../test-flags.ts';
import { ofrepHandlers } from './ofrep.ts';
import { streamHandlers } from './stream.ts';

export interface HandlersOptions {
  /** The server's address, such as `https://flags.example.com`. Default: any. */
  readonly url?: string;
}

/**
 * Handlers for msw that answer as a Bunting server with these flags would: OFREP, and what SDKs poll. Any SDK key is taken;
 * client keys (`bnt_cli_...`) see the flags that pages may see.
 *
 * ```ts
 * const flags = createTestFlags({ 'new-checkout': true });
 * const server = setupServer(...handlersFor(flags));
 * ```
 *
 * @throws TypeError when the flags are not of `createTestFlags`
 */
export function handlersFor(flags: TestFlags, { url = '*' }: HandlersOptions = {}) {
  const memory = memoryOf(flags);
  const base = url.replace(/\/+$/, '');
  return [...ofrepHandlers(memory, base), ...streamHandlers(memory, base)];
}
