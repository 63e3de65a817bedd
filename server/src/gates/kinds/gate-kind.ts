import type { Json } from '@bunting/core';
import type { Span } from '../measurement.ts';

/** What a gate says of all data so far. */
export interface Finding {
  readonly verdict: 'running' | 'successful' | 'failed' | 'inconclusive';
  /** A sentence, with numbers. */
  readonly reason: string;
}

/**
 * One way to judge measurements as they come. Pure: the same measurements give the same memory and findings, and a memory
 * is small JSON, so a run can be taken up by any server, and replayed.
 */
export interface GateKind<Settings, Data, Memory extends Json> {
  begin(settings: Settings): Memory;
  take(settings: Settings, memory: Memory, data: Data, span: Span): Memory;
  /** What it makes of a look without data: nothing that speaks for a success. */
  miss(settings: Settings, memory: Memory, why: 'no_data' | 'error' | 'gap'): Memory;
  /** Of at least one measurement with data. */
  find(settings: Settings, memory: Memory): Finding;
  /** Nothing more is to be measured. Default: never. */
  isDone?(memory: Memory): boolean;
}
