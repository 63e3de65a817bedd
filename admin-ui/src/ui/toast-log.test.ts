import { beforeEach, expect, test } from 'vitest';
import { forgetToasts, markToastsRead, readToastLog, recordToast } from './toast-log.ts';

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
