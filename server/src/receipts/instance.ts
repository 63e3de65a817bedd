import { hash } from 'node:crypto';
import type { Kill, Revision } from '@bunting/core';
import type { Introduction } from './introduction.ts';

/** A moment by both clocks: ticks (`performance.now()`) for spans, milliseconds since 1970 for people and other servers. */
export interface Moment {
  readonly tickMs: number;
  readonly atMs: number;
}

/** How an instance's connection ended: it said so, or it was lost and may well be running. */
export type Ending = 'closed' | 'lost';

/** One running SDK and what it is known to run. Written by its roll alone. */
export interface Instance {
  readonly id: string;
  /** Stands for the id where servers tell each other of thousands: the first 48 bits of its SHA-256. */
  readonly idHash: number;
  readonly introduction: Introduction;
  /** The key that let it in; undefined: nobody said. */
  readonly keyId: string | undefined;
  /** The relay through which it is connected; undefined: straight to this server. */
  readonly via: string | undefined;
  readonly connected: Moment;
  /** How often it asks for news, in milliseconds: so long it may lack a revision without being behind. 0: it is told. */
  readonly pollMs: number;
  /** When it was lost; null while it is connected. */
  lost: Moment | null;
  /** As it said last; null until its first receipt. */
  revision: Revision | null;
  /** The number of the newest revision that it proved to run, of the incarnation that is served; -1: of none. */
  proved: number;
  /** The number of the newest revision whose receipt was timed, so that none is timed twice. */
  timed: number;
  brokenFlags: number;
  /** How old its data was when it last said, in milliseconds; undefined until it does. */
  dataAgeMs: number | undefined;
  /** The kills and re-arms that it confirmed, by flag key. */
  readonly kills: Map<string, Kill>;
}

export function nowByBothClocks(): Moment {
  return { tickMs: performance.now(), atMs: Date.now() };
}

/** Two of 10 000 ids share their hash in one of six million fleets; then one instance too few is counted. */
export function hashOfId(id: string): number {
  return hash('sha256', id, 'buffer').readUIntBE(0, 6);
}
