import type { ReactNode } from 'react';
import { useSyncExternalStore } from 'react';

/** Something that a toast said. */
export interface ToastRecord {
  readonly id: number;
  readonly kind: 'done' | 'failed';
  readonly title: string;
  readonly text: ReactNode;
  /** Takes back what was done; once: then it is offered no more. */
  readonly undo?: (() => void) | undefined;
  /** When: ms since 1970, UTC. */
  readonly atMs: number;
  readonly isRead: boolean;
}

/** Older ones are forgotten. */
const kept = 50;

let records: readonly ToastRecord[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

/** Keeps what a toast says, so that it can be read again, and taken back, after the toast has gone. @returns its id */
export function recordToast(toast: Pick<ToastRecord, 'kind' | 'title' | 'text' | 'undo'>): number {
  const id = nextId++;
  change([{ ...toast, id, atMs: Date.now(), isRead: false }, ...records].slice(0, kept));
  return id;
}

export function markToastsRead(): void {
  if (records.some(({ isRead }) => !isRead)) change(records.map((record) => ({ ...record, isRead: true })));
}

export function forgetToasts(): void {
  change([]);
}

/** Takes back what a toast told of, if that is offered and was not done yet. */
export function undoToast(id: number): void {
  const undo = records.find((record) => record.id === id)?.undo;
  if (undo === undefined) return;
  change(records.map((record) => (record.id === id ? { ...record, undo: undefined } : record)));
  undo();
}

/** The newest that can be taken back, of those that were said within `withinMs`. */
export function newestUndo(withinMs: number): number | undefined {
  return records.find(({ undo, atMs }) => undo !== undefined && Date.now() - atMs < withinMs)?.id;
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
