import { createMemoryHistory } from '@tanstack/react-router';
import { HttpResponse, http } from 'msw';
import { expect, test, vi } from 'vitest';
import { flagQuery } from './api/flags.ts';
import { sessionQuery } from './api/session.ts';
import { createApp } from './app.ts';
import { noteSession, readStanding } from './connection/standing.ts';
import { answerWith, flag, origin, refuse, signedIn } from './testing/server.ts';

const server = answerWith();

const nobody = http.get(`${origin}/session`, () => refuse(401, 'unauthenticated', 'Sign in.'));
const setUp = http.get(`${origin}/setup`, () => HttpResponse.json({ required: false }));
const ways = http.get(`${origin}/sign-in`, () => HttpResponse.json({ passwords: 'everyone', providers: [] }));

async function openAt(address: string) {
  const app = createApp(createMemoryHistory({ initialEntries: [address] }));
  await app.router.load();
  return app;
}

test('nobody signed in: any page leads to sign-in, which knows the way back', async () => {
  server.use(nobody, setUp, ways);
  const { router } = await openAt('/projects/shop/flags?search=check');
  expect(router.state.location.pathname).toBe('/sign-in');
  expect(router.state.location.search).toEqual({ next: '/projects/shop/flags?search=check' });
});

test('a session that ends while someone works is begun anew where they are', async () => {
  server.use(
    ...signedIn,
    setUp,
    ways,
    http.get(`${origin}/projects/shop/flags/new-checkout`, () =>
      refuse(401, 'unauthenticated', 'The session has ended.'),
    ),
  );
  const { client, router } = await openAt('/projects/shop/flags');
  expect(router.state.location.pathname).toBe('/projects/shop/flags');
  await expect(client.fetchQuery(flagQuery('shop', flag.key))).rejects.toMatchObject({ status: 401 });
  expect(readStanding().isEnded).toBe(true);
  expect(router.state.location.pathname).toBe('/projects/shop/flags');
  // Whose page it is stays known, also when the session itself is asked for.
  server.use(nobody);
  await expect(client.fetchQuery({ ...sessionQuery, staleTime: 0 })).rejects.toMatchObject({ status: 401 });
  expect(client.getQueryData(sessionQuery.queryKey)).toMatchObject({ mustEnrol: false });
  noteSession({ isEnded: false });
});

test('a second factor that is required while someone works leads to where it is set up', async () => {
  server.use(
    ...signedIn,
    http.get(`${origin}/second-factor`, () => HttpResponse.json({ enabled: false, recoveryCodesLeft: 0 })),
    http.get(`${origin}/projects/shop/flags/new-checkout`, () => refuse(403, 'second_factor_missing', 'Set one up.')),
  );
  const { client, router } = await openAt('/projects/shop/flags');
  await expect(client.fetchQuery(flagQuery('shop', flag.key))).rejects.toMatchObject({ status: 403 });
  await vi.waitFor(() => expect(router.state.location.pathname).toBe('/second-factor'));
  expect(client.getQueryData(['session'])).toMatchObject({ mustEnrol: true });
  await vi.waitFor(() => expect(client.getQueryData(['second-factor'])).toMatchObject({ enabled: false }));
});

test('a server without an owner leads to the set-up page', async () => {
  server.use(
    nobody,
    http.get(`${origin}/setup`, () => HttpResponse.json({ required: true })),
  );
  const { router } = await openAt('/');
  expect(router.state.location.pathname).toBe('/setup');
});

test('the start page is the first project', async () => {
  server.use(...signedIn);
  const { router } = await openAt('/');
  expect(router.state.location.pathname).toBe('/projects/shop/flags');
});

test('nonsense in an address is dropped, not shown as an error', async () => {
  server.use(...signedIn);
  const { router } = await openAt('/projects/shop/flags?search=ok&type=colour&archived=maybe&create=1');
  expect(router.state.location.pathname).toBe('/projects/shop/flags');
  expect(router.state.matches.at(-1)?.search).toEqual({ search: 'ok' });
});

test('a flag that does not exist is not found, rather than failed', async () => {
  server.use(
    ...signedIn,
    http.get(`${origin}/projects/shop/flags/ghost`, () => refuse(404, 'not_found', 'There is no flag "ghost".')),
  );
  const { router } = await openAt('/projects/shop/flags/ghost');
  expect(router.state.matches.some(({ status }) => status === 'notFound')).toBe(true);
});
