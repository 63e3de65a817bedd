import type { AuditEvent } from '../audit/event.ts';
import { ApiError, type Problem } from '../http/api-error.ts';
import { isSame } from './inverse.ts';

/**
 * Says what was changed since, by whom and when.
 * @param since later events of the same target, newest first
 */
export function revertConflict(fields: readonly string[], since: readonly AuditEvent[]): ApiError {
  const details = fields.map((field): Problem => {
    const event = since.find(({ before, after }) => !isSame(fieldOf(before, field), fieldOf(after, field)));
    const who = event === undefined ? '' : ` by ${event.actor.name} at ${event.at} (audit event ${event.id})`;
    return { path: field, message: `was changed since${who}` };
  });
  const [first] = details;
  return new ApiError(
    'revert_conflict',
    `It cannot be undone: ${first?.path ?? ''} ${first?.message ?? ''}. Nothing was changed. Undo the later change first, or set it by hand.`,
    details,
  );
}

export function notRevertible(what: string): ApiError {
  return new ApiError('not_revertible', `${what} Nothing was changed.`);
}

function fieldOf(document: unknown, field: string): unknown {
  return typeof document === 'object' && document !== null ? (document as Record<string, unknown>)[field] : undefined;
}
