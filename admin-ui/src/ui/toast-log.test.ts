import { beforeEach, expect, test, vi } from 'vitest';
import { forgetToasts, markToastsRead, newestUndo, readToastLog, recordToast, undoToast } from './toast-log.ts';

beforeEach(forgetToasts);

const titles = () => readToastLog().map(({ title }) => title);

test('what toasts said can be read again, newest first', () => {
  recordToast({ kind: 'done', title: 'first', text: undefined });
  recordToast({ kind: 'failed', title: 'second', text: 'why' });
  expect(titles()).toEqual(['second', 'first']);
});

test('only the last fifty are kept', () => {
  for (let at = 0; at < 60; at += 1) recordToast({ kind: 'done', title: String(at), text: undefined });
  expect(titles()).toHaveLength(50);
  expect(titles()[0]).toBe('59');
});

test('what is read counts as read, what comes later does not', () => {
  recordToast({ kind: 'failed', title: 'old', text: undefined });
  markToastsRead();
  recordToast({ kind: 'failed', title: 'new', text: undefined });
  expect(readToastLog().map(({ isRead }) => isRead)).toEqual([false, true]);
});

test('what can be taken back is taken back once, also after its toast has gone', () => {
  const undo = vi.fn();
  const id = recordToast({ kind: 'done', title: 'turned off', text: undefined, undo });
  recordToast({ kind: 'done', title: 'something else', text: undefined });
  expect(newestUndo(1_000)).toBe(id);
  undoToast(id);
  undoToast(id);
  expect(undo).toHaveBeenCalledTimes(1);
  expect(newestUndo(1_000)).toBeUndefined();
});

test('what was done long ago is not taken back by a key', () => {
  vi.useFakeTimers();
  recordToast({ kind: 'done', title: 'turned off', text: undefined, undo: () => {} });
  vi.advanceTimersByTime(1_000);
  expect(newestUndo(1_000)).toBeUndefined();
  vi.useRealTimers();
});
