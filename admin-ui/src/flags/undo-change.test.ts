import { QueryClient } from '@tanstack/react-query';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, test, vi } from 'vitest';
import { cachedFlag } from '../api/flag-cache.ts';
import { flagQuery } from '../api/flags.ts';
import { answerWith, changed, environmentPath, flag, refuse } from '../testing/server.ts';
import { forgetToasts, readToastLog } from '../ui/toast-log.ts';
import { undoToggle } from './undo-change.ts';

const server = answerWith();
beforeEach(forgetToasts);

const environment = { key: 'production', name: 'Production' } as Parameters<typeof undoToggle>[2]['environment'];

/** Someone turned the flag on, which made version 4 of production, and takes it back. */
function undo() {
  const client = new QueryClient();
  client.setQueryData(flagQuery('shop', flag.key).queryKey, changed({ enabled: true }));
  undoToggle(client, 'shop', { flag: changed({ enabled: true }), environment, enabled: true }, 'it is on')?.();
  return client;
}

const said = () => readToastLog().map(({ title }) => title);

test('a toggle is taken back by a change of its own, which says so and follows what the toggle made', async () => {
  const asked: unknown[] = [];
  server.use(
    http.patch(environmentPath, async ({ request }) => {
      const { headers } = request;
      asked.push([await request.json(), headers.get('if-match'), headers.get('bunting-comment')]);
      return HttpResponse.json({ flag: changed({ enabled: false, version: 5 }), revision: {}, committedAt: '' });
    }),
  );
  const client = undo();
  await vi.waitFor(() => expect(said()).toEqual(['Undone: it is on']));
  expect(asked).toEqual([[{ enabled: false }, '"4"', encodeURIComponent('Undo: it is on')]]);
  expect(cachedFlag(client, 'shop', flag.key)?.environments.production?.version).toBe(5);
});

test('what someone has changed since stays as it is, and that is said', async () => {
  server.use(http.patch(environmentPath, () => refuse(412, 'version_mismatch', 'It has version 7 now.')));
  undo();
  await vi.waitFor(() => expect(said()).toEqual(['Not undone: it is on']));
  expect(readToastLog()[0]?.text).toContain('stays as it is now');
});

test('a refusal is told in its own words, and silence as what it is', async () => {
  server.use(http.patch(environmentPath, () => refuse(403, 'forbidden', 'You may not.')));
  undo();
  await vi.waitFor(() =>
    expect(readToastLog()[0]?.text).toMatchObject({ props: { error: { message: 'You may not.' } } }),
  );
  server.use(http.patch(environmentPath, () => HttpResponse.error()));
  undo();
  await vi.waitFor(() => expect(said()[0]).toBe('It is not known whether this was undone: it is on'));
});
