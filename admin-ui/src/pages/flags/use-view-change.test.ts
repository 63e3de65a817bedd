import { QueryClient } from '@tanstack/react-query';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import type { FlagView } from '../../api/types.ts';
import { answerWith, origin } from '../../testing/server.ts';
import { forgetToasts, readToastLog } from '../../ui/toast-log.ts';
import { undoViewChange } from './use-view-change.ts';

const server = answerWith();
beforeEach(forgetToasts);

const left = { id: 'v1', name: 'Mine', updatedAt: '2030-01-01T00:00:00.000Z' } as FlagView;

/** Takes back what left the view so, while the server has these views. */
async function undo(present: readonly Pick<FlagView, 'id' | 'updatedAt'>[], before: FlagView | undefined) {
  server.use(http.get(`${origin}/projects/shop/flag-views`, () => HttpResponse.json({ items: present })));
  let isUndone = false;
  const act = async () => {
    isUndone = true;
  };
  await undoViewChange(new QueryClient(), 'shop', { done: 'it is shared', left: before, undo: act });
  return [isUndone, readToastLog()[0]?.title];
}

test('a view that nobody has touched since is as it was before', async () => {
  expect(await undo([left], left)).toEqual([true, 'Undone: it is shared']);
});

test('a view that someone has changed since, or deleted, stays so, and that is said', async () => {
  expect(await undo([{ ...left, updatedAt: '2030-01-01T00:00:01.000Z' }], left)).toEqual([
    false,
    'Not undone: it is shared',
  ]);
  expect(await undo([], left)).toEqual([false, 'Not undone: it is shared']);
});

test('a view that was deleted is made anew', async () => {
  expect(await undo([], undefined)).toEqual([true, 'Undone: it is shared']);
});
