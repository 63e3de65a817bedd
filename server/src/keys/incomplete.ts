import { ApiError } from '../http/api-error.ts';

/** The answer to a key that is not known while valid ones may be missing. */
export function incomplete(): ApiError {
  const message = 'This relay has not heard from its upstream yet, so it cannot know the key. Come back soon.';
  return new ApiError('not_ready', message, undefined, { 'retry-after': '1' });
}
