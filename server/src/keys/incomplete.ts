import { ApiError } from '../http/api-error.ts';

/** The answer to a key that is not known while valid ones may be missing. */
export function incomplete(): ApiError {
  const message = 'This server cannot know the key yet: it may have been made a moment ago, elsewhere. Come back soon.';
  return new ApiError('not_ready', message, undefined, { 'retry-after': '1' });
}
