import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { answerWith, flag, origin, refuse } from '../testing/server.ts';
import { asApiError, fieldErrors, isUnanswered } from './api-error.ts';
import { createFlag, patchEnvironment } from './flags.ts';
import { revokeKey } from './keys.ts';
import { signIn } from './session.ts';

const server = answerWith();

/** What a call that must fail throws. */
async function failureOf(call: Promise<unknown>) {
  return call.then(
    () => expect.fail('the call was answered'),
    (error: unknown) => asApiError(error),
  );
}

test('an answer is its body', async () => {
  server.use(http.post(`${origin}/projects/shop/flags`, () => HttpResponse.json(flag, { status: 201 })));
  expect(await createFlag('shop', { key: 'new-checkout', type: 'boolean' })).toEqual(flag);
});

test('a taken key reaches the form in the words of the server', async () => {
  server.use(
    http.post(`${origin}/projects/shop/flags`, () => refuse(409, 'conflict', 'The key is taken. Choose another.')),
  );
  const error = await failureOf(createFlag('shop', { key: 'new-checkout', type: 'boolean' }));
  expect(error).toMatchObject({ status: 409, code: 'conflict' });
  expect(fieldErrors(error)).toEqual({ '': 'The key is taken. Choose another.' });
});

test('problems with fields reach their fields', async () => {
  const details = [{ path: 'variants[0].value', message: 'must be a number' }];
  server.use(http.post(`${origin}/projects/shop/flags`, () => refuse(400, 'validation_failed', 'Not valid.', details)));
  const error = await failureOf(createFlag('shop', { key: 'rate', type: 'number' }));
  expect(fieldErrors(error)).toEqual({ 'variants[0].value': 'must be a number' });
});

test('an outdated version is refused with what to do', async () => {
  server.use(
    http.patch(`${origin}/projects/shop/flags/a/environments/production`, ({ request }) =>
      request.headers.get('if-match') === '"3"'
        ? refuse(412, 'version_mismatch', 'Someone changed it. Read it again.', { version: 4 })
        : HttpResponse.json({}),
    ),
  );
  const error = await failureOf(patchEnvironment('shop', 'a', 'production', 3, { enabled: true }));
  expect(error).toMatchObject({ code: 'version_mismatch', details: { version: 4 } });
  expect(isUnanswered(error)).toBe(false);
  expect(fieldErrors(error)).toEqual({ '': 'Someone changed it. Read it again.' });
});

test('wrong credentials say so and nothing about which', async () => {
  server.use(http.post(`${origin}/session`, () => refuse(401, 'wrong_credentials', 'Email or password is wrong.')));
  const error = await failureOf(signIn({ email: 'a@example.com', password: 'x' }));
  expect(fieldErrors(error)).toEqual({ '': 'Email or password is wrong.' });
});

test('an answer without a body is no failure', async () => {
  server.use(
    http.delete(
      `${origin}/projects/shop/environments/production/keys/k1`,
      () => new HttpResponse(null, { status: 204 }),
    ),
  );
  expect(await revokeKey('shop', 'production', 'k1')).toBeUndefined();
});

test('silence is told apart from refusal', async () => {
  server.use(http.post(`${origin}/session`, () => HttpResponse.error()));
  const error = await failureOf(signIn({ email: 'a@example.com', password: 'x' }));
  expect(error).toMatchObject({ status: 0, code: 'unreachable' });
  expect(isUnanswered(error)).toBe(true);
});

test("a proxy's error page is not shown as the server's words", async () => {
  server.use(http.post(`${origin}/session`, () => HttpResponse.html('<h1>Bad gateway</h1>', { status: 502 })));
  const error = await failureOf(signIn({ email: 'a@example.com', password: 'x' }));
  expect(error).toMatchObject({ status: 502, code: 'unexpected_answer' });
});
