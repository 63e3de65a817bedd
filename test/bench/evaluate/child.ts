import { loadAdapter } from '../adapter.ts';
import { makeSubjects } from '../data-set.ts';
import { allocated, type Cell, time } from './gauge.ts';

/** The process that one SDK is measured in: it does what the parent asks, and is idle in between. */

export type Request = { readonly flagKey: string } & (
  | { readonly measure: 'share' }
  | { readonly measure: 'bytes' }
  | { readonly measure: 'time'; readonly durationMs: number }
);

/** The measured number, or why there is none. */
export type Reply = { readonly value: number } | { readonly error: string };

const [file = '', dataFile = ''] = process.argv.slice(2);
const adapter = await loadAdapter(file);
const contexts = makeSubjects().map((subject) => adapter.contextOf(subject));
const sdk = await adapter.start(dataFile);

process.on('message', async (request: Request) => {
  let reply: Reply;
  try {
    reply = { value: await measure(request) };
  } catch (error) {
    reply = { error: String(error) };
  }
  process.send?.(reply);
});
process.on('disconnect', async () => {
  await sdk.stop();
  process.exit();
});
process.send?.({ value: 0 } satisfies Reply);

async function measure(request: Request): Promise<number> {
  const cell: Cell<unknown> = { sdk, flagKey: request.flagKey, contexts };
  if (request.measure === 'time') return time(cell, request.durationMs);
  if (request.measure === 'bytes') return allocated(cell);
  return shareOf(cell);
}

/** The share of all subjects that the flag is on for. Two passes must agree: a flag may not depend on what came before. */
async function shareOf({ flagKey, contexts: all }: Cell<unknown>): Promise<number> {
  let first = 0;
  let second = 0;
  for (const context of all) if (await sdk.isEnabled(flagKey, context)) first++;
  for (const context of all) if (await sdk.isEnabled(flagKey, context)) second++;
  if (first !== second) throw new Error(`${flagKey} was on for ${first} subjects, then for ${second}`);
  return first / all.length;
}
