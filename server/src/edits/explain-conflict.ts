import { EditConflict } from '@bunting/core';
import { ApiError } from '../http/api-error.ts';

/** Runs what applies edits; says which of them does not go with what is there. */
export function explainConflict<T>(apply: () => T): T {
  try {
    return apply();
  } catch (error) {
    if (!(error instanceof EditConflict)) throw error;
    const { at, message } = error;
    throw new ApiError(
      'edit_conflict',
      `Edit ${at + 1} does not go with what is there: ${message}. Nothing was changed; read it again and adapt the edit.`,
      [{ path: `edits[${at}]`, message }],
    );
  }
}
