import { ApiError } from '../http/api-error.ts';
import { NotAllowed } from './machine.ts';

/** @throws {ApiError} `wrong_state` with the reason where the machine does not allow it */
export function allow<T>(change: () => T): T {
  try {
    return change();
  } catch (error) {
    if (error instanceof NotAllowed) throw new ApiError('wrong_state', error.message);
    throw error;
  }
}
