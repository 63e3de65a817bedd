import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { sql } from 'kysely';
import type { Querier } from './tables.ts';

/** The channel of NOTIFY. Channels belong to one database. */
export const CHANNEL = 'bunting';

/**
 * What servers tell each other through NOTIFY: only a hint where to look, for notifications get lost. What a later
 * version says besides is ignored.
 */
export const Note = Type.Partial(
  Type.Object({
    /** The id of an environment that has a new revision. */
    environment: Type.String(),
    /** The revision's number; without it the environment is looked at in any case. */
    number: Type.Integer(),
    /** Something that has a counter. */
    counter: Type.Union([
      Type.Literal('keys'),
      Type.Literal('kills'),
      Type.Literal('context-settings'),
      Type.Literal('access'),
      Type.Literal('context-proofs'),
      Type.Literal('signal-sources'),
      Type.Literal('safeguards'),
      Type.Literal('bindings'),
    ]),
    /** The id of a release that someone wants something of: whoever holds it looks at it now. */
    release: Type.String(),
    /** A server's test whether notifications reach it. */
    probe: Type.String(),
  }),
);
export type Note = Static<typeof Note>;

/** Tells all servers: at once, or when the transaction commits. PostgreSQL only. */
export async function notify(db: Querier, note: Note): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${JSON.stringify(note)})`.execute(db);
}

/** Undefined when it is none of ours. */
export function readNote(payload: string | undefined): Note | undefined {
  try {
    const note: unknown = JSON.parse(payload ?? '');
    return Value.Check(Note, note) ? note : undefined;
  } catch {
    return undefined;
  }
}
