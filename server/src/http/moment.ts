import { Type } from '@sinclair/typebox';
import { validationFailed } from './api-error.ts';

/** A moment that a caller names. @param description what it is for */
export function Moment(description: string) {
  const pattern = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,3})?)?(Z|[+-]\\d\\d:\\d\\d)$';
  return Type.String({ pattern, description: `${description}: RFC 3339, such as 2030-01-31T12:00:00Z` });
}

/**
 * @param path where it was given
 * @returns milliseconds since 1970 @throws {ApiError} `validation_failed` for one that no calendar has
 */
export function readMoment(moment: string, path: string): number {
  const ms = Date.parse(moment);
  if (!Number.isNaN(ms)) return ms;
  throw validationFailed([{ path, message: 'is no moment of the calendar' }]);
}
