import { expect, test } from 'vitest';
import { ApiError, asApiError, errorOfAnswer, fieldErrors } from './api-error.ts';

test("the server's own words are what is shown", () => {
  const error = errorOfAnswer(409, { code: 'conflict', message: 'The key is taken. Choose another.', requestId: 'r1' });
  expect(error).toMatchObject({
    status: 409,
    code: 'conflict',
    message: 'The key is taken. Choose another.',
    requestId: 'r1',
  });
  expect(fieldErrors(error)).toEqual({ '': 'The key is taken. Choose another.' });
});

test('a form tells the request by which the log knows what nobody foresaw', () => {
  const error = errorOfAnswer(500, { code: 'internal_error', message: 'Something failed here.', requestId: 'r1' });
  expect(fieldErrors(error)).toEqual({ '': 'Something failed here. (request r1)' });
});

test('each problem of a validation goes to its field, the first one of each', () => {
  const details = [
    { path: 'key', message: 'is too long' },
    { path: 'key', message: 'has capitals' },
    { path: 'variants[1].value', message: 'must be a number' },
  ];
  const error = errorOfAnswer(400, { code: 'validation_failed', message: 'Two fields are wrong.', details });
  expect(fieldErrors(error)).toEqual({ key: 'is too long', 'variants[1].value': 'must be a number' });
});

test('details of another shape do not hide the message', () => {
  const error = new ApiError(412, 'version_mismatch', 'Someone changed it first.', { version: 3 });
  expect(fieldErrors(error)).toEqual({ '': 'Someone changed it first.' });
});

test('an answer that is not from the server says what it was', () => {
  expect(errorOfAnswer(502, '<html>Bad gateway</html>')).toMatchObject({ status: 502, code: 'unexpected_answer' });
  expect(errorOfAnswer(502, '<html>Bad gateway</html>').message).toContain('502');
});

test('a fault of the page itself is an error like any other', () => {
  expect(asApiError(new TypeError('x is undefined'))).toMatchObject({ code: 'unexpected' });
});
