import { MutationObserver, QueryClient } from '@tanstack/react-query';
import { HttpResponse, http } from 'msw';
import { expect, test, vi } from 'vitest';
import { answerWith, changed, environmentPath, flag, origin, refuse } from '../testing/server.ts';
import { cachedFlag } from './flag-cache.ts';
import { flagListsKey, flagQuery } from './flags.ts';
import { toggleMutation } from './toggle.ts';

const server = answerWith();
const revision = { incarnation: 'i', number: 8, hash: 'h' };

/** The flag's own page and one list of the project are cached. */
function clientWithFlag(): QueryClient {
  const client = new QueryClient({ defaultOptions: { mutations: { retry: false } } });
  client.setQueryData(flagQuery('shop', flag.key).queryKey, flag);
  client.setQueryData([...flagListsKey('shop'), {}], {
    pages: [{ items: [flag], nextCursor: null }],
    pageParams: [undefined],
  });
  return client;
}

function toggle(client: QueryClient, enabled: boolean) {
  return new MutationObserver(client, toggleMutation(client, 'shop')).mutate({
    flag: flag.key,
    environment: 'production',
    enabled,
    comment: '',
  });
}

function shown(client: QueryClient) {
  const inList = client.getQueriesData<{ pages: { items: (typeof flag)[] }[] }>({
    queryKey: flagListsKey('shop'),
  })[0]?.[1];
  return {
    page: cachedFlag(client, 'shop', flag.key)?.environments.production?.enabled,
    list: inList?.pages[0]?.items[0]?.environments.production?.enabled,
  };
}

test('the switch moves before the server has answered, on the page and in the list', async () => {
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    server.use(
      http.patch(environmentPath, async () => {
        resolve();
        await new Promise<void>((go) => {
          answer = go;
        });
        return HttpResponse.json({
          flag: changed({ enabled: true }),
          revision,
          committedAt: '2030-01-01T00:00:00.000Z',
        });
      }),
    );
  });
  const client = clientWithFlag();
  const toggled = toggle(client, true);
  await asked;
  expect(shown(client)).toEqual({ page: true, list: true });
  answer();
  await toggled;
  expect(shown(client)).toEqual({ page: true, list: true });
});

test('when the server fails, the switch goes back and the error has its words', async () => {
  server.use(
    http.patch(environmentPath, () => refuse(500, 'internal_error', 'The server failed; nothing was changed.')),
  );
  const client = clientWithFlag();
  await expect(toggle(client, true)).rejects.toMatchObject({
    status: 500,
    message: 'The server failed; nothing was changed.',
  });
  expect(shown(client)).toEqual({ page: false, list: false });
});

test('going back undoes the toggle alone, not what came in meanwhile', async () => {
  const client = clientWithFlag();
  server.use(
    http.patch(environmentPath, () => {
      client.setQueryData(
        flagQuery('shop', flag.key).queryKey,
        (known) => known && { ...known, description: 'new words' },
      );
      return refuse(503, 'store_unavailable', 'The database cannot be used.');
    }),
  );
  await expect(toggle(client, true)).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(cachedFlag(client, 'shop', flag.key)).toMatchObject({ description: 'new words' });
  expect(shown(client).page).toBe(false);
});

test('a toggle is made against the version on the page; one after the other, each against the last', async () => {
  const versions: (string | null)[] = [];
  server.use(
    http.patch(environmentPath, async ({ request }) => {
      versions.push(request.headers.get('if-match'));
      const { enabled } = (await request.json()) as { enabled: boolean };
      const version = 3 + versions.length;
      return HttpResponse.json({
        flag: changed({ enabled, version }),
        revision,
        committedAt: '2030-01-01T00:00:00.000Z',
      });
    }),
  );
  const client = clientWithFlag();
  await Promise.all([toggle(client, true), toggle(client, false)]);
  expect(versions).toEqual(['"3"', '"4"']);
  expect(shown(client)).toEqual({ page: false, list: false });
});

test('a switch that is moved again before the answer stays where it was moved last, whatever is answered', async () => {
  const answers: (() => void)[] = [];
  server.use(
    http.patch(environmentPath, async ({ request }) => {
      const { enabled } = (await request.json()) as { enabled: boolean };
      await new Promise<void>((go) => answers.push(go));
      if (answers.length === 2) return refuse(503, 'store_unavailable', 'The database cannot be used.');
      return HttpResponse.json({
        flag: changed({ enabled, version: 4 }),
        revision,
        committedAt: '2030-01-01T00:00:00.000Z',
      });
    }),
  );
  const client = clientWithFlag();
  const toggled = Promise.allSettled([toggle(client, true), toggle(client, false), toggle(client, true)]);
  const { queryKey } = flagQuery('shop', flag.key);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  expect(shown(client)).toEqual({ page: true, list: true });
  const positions = new Set<boolean | undefined>();
  client.getQueryCache().subscribe(() => positions.add(shown(client).page));
  for (const waiting of [2, 3]) {
    answers.at(-1)?.();
    await vi.waitFor(() => expect(answers).toHaveLength(waiting));
    // What would be read anew now knows nothing of those that wait.
    expect(client.getQueryState(queryKey)?.isInvalidated).toBe(false);
  }
  answers.at(-1)?.();
  expect((await toggled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect([...positions]).toEqual([true]);
  expect(client.getQueryState(queryKey)?.isInvalidated).toBe(true);
});

test('a conflict goes back and says that someone else was first', async () => {
  server.use(http.patch(environmentPath, () => refuse(412, 'version_mismatch', 'Someone changed it. Read it again.')));
  const client = clientWithFlag();
  await expect(toggle(client, true)).rejects.toMatchObject({ code: 'version_mismatch' });
  expect(shown(client)).toEqual({ page: false, list: false });
});

test('after a toggle the flags are read anew, also after a failed one', async () => {
  server.use(
    http.patch(environmentPath, () => refuse(500, 'internal_error', 'The server failed.')),
    http.get(`${origin}/projects/shop/flags/new-checkout`, () => HttpResponse.json(flag)),
  );
  const client = clientWithFlag();
  await expect(toggle(client, true)).rejects.toThrow();
  expect(client.getQueryState(flagQuery('shop', flag.key).queryKey)?.isInvalidated).toBe(true);
});
