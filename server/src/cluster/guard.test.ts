import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { handleErrors } from '../http/handle-errors.ts';
import { ADMIN_KEY, startApp } from '../testing/start-app.ts';
import { guardInternal } from './guard.ts';

test.each([
  [undefined, 401],
  ['Bearer secret', 200],
  ['bearer secret', 200],
  ['Bearer secre', 401],
  ['Bearer', 401],
  ['Basic secret', 401],
])('with the token "secret", %j is answered by %i', async (authorization, status) => {
  const app = Fastify();
  handleErrors(app);
  guardInternal(app, { token: 'secret' });
  app.get('/', async () => 'inside');
  const headers = authorization === undefined ? {} : { authorization };
  expect((await app.inject({ url: '/', headers })).statusCode).toBe(status);
});

test('a server that is alone lets nobody in, admin keys neither, and describes nothing of it', async () => {
  const { app } = await startApp();
  const post = (authorization: string) =>
    app.inject({ method: 'POST', url: '/internal/v1/kills', headers: { authorization }, payload: { kills: [] } });
  for (const authorization of ['', 'Bearer ', 'Bearer undefined', `Bearer ${ADMIN_KEY}`]) {
    const response = await post(authorization);
    expect([response.statusCode, response.json().code]).toEqual([401, 'unauthenticated']);
  }
  expect((await app.inject('/internal/v1/nothing')).json()).toMatchObject({ code: 'not_found' });
  expect((await app.inject('/docs/json')).body).not.toContain('internal');
});
