import type { Flags } from '@bunting/node';
import { answer } from './remote.ts';

/** An SDK, of whichever version, in a process of its own. */
export type SdkCalls = {
  /** Connects. @returns the state when it is ready, and what the SDK complained of so far */
  connect(to: { module: string; url: string; sdkKey: string; transport: string }): Promise<string>;
  /** The variants of some flags for some subjects. */
  variants(of: { flags: readonly string[]; subjects: readonly string[] }): (string | undefined)[];
  /** Codes of the errors that the SDK told of. */
  problems(of: null): string[];
  close(of: null): Promise<void>;
};

let flags: Flags | undefined;
const problems: string[] = [];

function opened(): Flags {
  if (flags === undefined) throw new Error('connect first');
  return flags;
}

const calls: SdkCalls = {
  connect: async ({ module, url, sdkKey, transport }) => {
    const { connect } = (await import(module)) as typeof import('@bunting/node');
    const transports = [transport as 'websocket'];
    flags = connect({ url, sdkKey, app: 'test', transports, pollIntervalMs: 1_000, logger: {} });
    flags.on('error', ({ code }) => problems.push(code));
    return (await flags.ready()).state;
  },
  variants: ({ flags: keys, subjects }) =>
    keys.flatMap((key) =>
      subjects.map((targetingKey) => {
        const context = { targetingKey, country: targetingKey.endsWith('1') ? 'NL' : 'SE', email: 'a@example.com' };
        return opened().getBooleanDetails(key, false, context).variant;
      }),
    ),
  problems: () => problems,
  close: () => opened().close(),
};
answer(calls);
