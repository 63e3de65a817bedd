import * as z from 'zod/mini';

/*
 * What addresses may say behind the question mark, page by page. Nonsense is dropped, never an error; absent is the
 * default of each.
 */
const text = z.catch(z.optional(z.string()), undefined);
const yes = z.catch(z.optional(z.literal(true)), undefined);
/** A day of the reader's calendar: `2026-11-21`. */
const day = z.catch(z.optional(z.iso.date()), undefined);

/** What the audit log is narrowed to. */
export const auditSearch = z.object({
  search: text,
  environment: text,
  /** Kind of what was changed: `segment`. */
  kind: text,
  /** Its key. */
  target: text,
  /** Id of who did it. */
  actor: text,
  /** `flag.killed` */
  action: text,
  /** Everything that was done in one step. */
  change: text,
  from: day,
  until: day,
  /** Not this project alone, but all that may be read. */
  everywhere: yes,
});
export type AuditSearch = z.infer<typeof auditSearch>;

export const segmentsSearch = z.object({
  search: text,
  /** Key of the one whose segments are shown; absent: the first. */
  environment: text,
  /** The dialog for a new one is open. */
  create: yes,
});
export type SegmentsSearch = z.infer<typeof segmentsSearch>;
