import { ApiError } from '../http/api-error.ts';

/** The answer to a key that is not known, or whose environment is not, while it may be missing here. */
export function incomplete(what: 'key' | 'environment' = 'key'): ApiError {
  const missing = what === 'key' ? 'the key' : 'the environment of the key';
  const message = `This server cannot know ${missing} yet: it may have been made a moment ago, elsewhere. Come back soon.`;
  return new ApiError('not_ready', message, undefined, { 'retry-after': '1' });
}
