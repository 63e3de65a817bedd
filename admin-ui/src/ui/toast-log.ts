import type { ReactNode } from 'react';
import { useSyncExternalStore } from 'react';

/** Something that a toast said. */
export interface ToastRecord {
  readonly id: number;
  readonly kind: 'done' | 'failed';
  readonly title: string;
  readonly text: ReactNode;
  /** When: ms since 1970, UTC. */
  readonly atMs: number;
  readonly isRead: boolean;
}

/** Older ones are forgotten. */
const kept = 50;

let records: readonly ToastRecord[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

/** Keeps what a toast says, so that it can be read again after the toast has gone. */
export function recordToast(toast: Pick<ToastRecord, 'kind' | 'title' | 'text'>): void {
  change([{ ...toast, id: nextId++, atMs: Date.now(), isRead: false }, ...records].slice(0, kept));
}

export function markToastsRead(): void {
  if (records.some(({ isRead }) => !isRead)) change(records.map((record) => ({ ...record, isRead: true })));
}

export function forgetToasts(): void {
  change([]);
}

/** What toasts said since the page was loaded, newest first. */
export function useToastLog(): readonly ToastRecord[] {
  return useSyncExternalStore(subscribe, readToastLog);
}

export function readToastLog(): readonly ToastRecord[] {
  return records;
}

function change(next: readonly ToastRecord[]): void {
  records = next;
  for (const tell of listeners) tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
