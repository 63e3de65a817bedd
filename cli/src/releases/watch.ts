import { setTimeout as wait } from 'node:timers/promises';
import { Unreachable } from '../api/client.ts';
import { CommandError, EXIT, type ExitCode } from '../exit-code.ts';
import { clockOf, type Output } from '../output.ts';
import type { Release, ReleaseCalls } from './calls.ts';

const GOOD: readonly Release['phase'][] = ['succeeded'];
const BAD: readonly Release['phase'][] = ['aborted', 'rolled_back', 'failed', 'cancelled', 'superseded', 'blocked'];

export interface WatchOptions {
  /** Default: for ever. */
  readonly timeoutSeconds?: number | undefined;
  /** For how long the server may be away, in seconds. */
  readonly patienceSeconds: number;
  /** True: the release has come to a good end when it bakes. */
  readonly untilBaking: boolean;
  readonly intervalMs?: number;
}

/**
 * Tells what happens to a release until it has ended.
 * @returns 0 when it has succeeded, 1 when it came back or failed
 * @throws {CommandError} on a timeout, or when the server is away for too long
 */
export async function watch(calls: ReleaseCalls, id: string, options: WatchOptions, output: Output): Promise<ExitCode> {
  const { timeoutSeconds, patienceSeconds, untilBaking, intervalMs = 1_000 } = options;
  const startMs = performance.now();
  let heardMs = startMs;
  let last: string | undefined;
  let waiting = '';
  for (;;) {
    try {
      // In this order: what led to where it is has been decided by then, and is told before it ends.
      const release = await calls.get(id);
      const decisions = await calls.decisionsAfter(id, last);
      for (const { at, decision, by } of decisions) output.result(`${clockOf(at)}  ${decision}  [${by.name}]`);
      last = decisions.at(-1)?.id ?? last;
      heardMs = performance.now();
      const now = withoutNumbers(release.waiting);
      if (now !== '' && now !== waiting) output.note(`          waits: ${release.waiting.join(' ')}`);
      waiting = now;
      if (GOOD.includes(release.phase) || (untilBaking && release.phase === 'baking')) return EXIT.ok;
      if (BAD.includes(release.phase)) return EXIT.failed;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      if (performance.now() - heardMs > patienceSeconds * 1_000) throw error;
      output.note(`          ${error.message} Trying again; the release goes on without us.`);
    }
    if (timeoutSeconds !== undefined && performance.now() - startMs > timeoutSeconds * 1_000) {
      throw new CommandError(`Not decided within ${timeoutSeconds} s; the release goes on.`, EXIT.timeout);
    }
    await wait(intervalMs);
  }
}

/** Counting down is no news. */
function withoutNumbers(sentences: readonly string[]): string {
  return sentences.join(' ').replaceAll(/\d+/g, '');
}
