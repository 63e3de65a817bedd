import type { Json } from '@bunting/core';
import type { Silence, Verdict } from './verdict.ts';
import type { Window } from './window.ts';

/** What a test says when it was shown all so far. */
type Finding = Pick<Verdict, 'logE' | 'threshold' | 'burns'> & { readonly isFailed: boolean };

interface Taken<Memory> {
  readonly memory: Memory;
  /** Why this window said nothing. */
  readonly silence?: Silence | undefined;
}

/**
 * One way to judge windows as they come. Pure: the same windows give the same memory, bit for bit on the same Node, and
 * a memory is small JSON.
 */
export interface SequentialTest<Spec, Memory extends Json> {
  begin(spec: Spec): Memory;
  take(spec: Spec, memory: Memory, window: Window): Taken<Memory>;
  find(spec: Spec, memory: Memory): Finding;
}
