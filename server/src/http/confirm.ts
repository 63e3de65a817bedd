import { Type } from '@sinclair/typebox';
import { validationFailed } from './api-error.ts';

/** The query of routes that delete what cannot be brought back. */
export const ConfirmQuery = Type.Object(
  { confirm: Type.String({ maxLength: 100, description: 'The key of what is to be deleted, once more' }) },
  { additionalProperties: false },
);

/** @throws {ApiError} `validation_failed` unless the key was given once more */
export function refuseUnconfirmed(key: string, confirm: string): void {
  if (confirm === key) return;
  throw validationFailed([{ path: 'confirm', message: `must be "${key}", the key of what is to be deleted` }]);
}
