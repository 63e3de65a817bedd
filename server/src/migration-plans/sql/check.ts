import type { SameCheck, SqlCheck } from '../definition.ts';
import type { Session } from './session.ts';

const DEFAULT_TIMEOUT_SECONDS = 60;
/** So many of the rows that should not be there are shown. */
const MAX_SHOWN = 5;

/**
 * Whether a check holds: no row, or one row with one value that is true. It cannot change anything.
 * @returns why it does not; undefined: it does
 */
export async function findObjection(
  session: Session,
  check: SqlCheck,
  signal: AbortSignal,
): Promise<string | undefined> {
  const timeoutMs = (check.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1_000;
  const { rows } = await session.transaction(async () => {
    await session.query('set transaction read only');
    return session.query(check.sql, [], { timeoutMs, signal });
  });
  const [first] = rows as Readonly<Record<string, unknown>>[];
  if (first === undefined) return undefined;
  const values = Object.values(first);
  if (rows.length === 1 && values.length === 1 && values[0] === true) return undefined;
  const shown = rows.slice(0, MAX_SHOWN).map((row) => JSON.stringify(row));
  const more = rows.length > MAX_SHOWN ? ` and ${rows.length - MAX_SHOWN} more` : '';
  return `The check does not hold; it found ${shown.join(', ')}${more}.`;
}

/** Whether both databases give a query the same answer. @returns why not; undefined: they do */
export async function findDifference(
  old: Session,
  fresh: Session,
  { same, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }: SameCheck,
  signal: AbortSignal,
): Promise<string | undefined> {
  const limits = { timeoutMs: timeoutSeconds * 1_000, signal };
  const ask = (session: Session) =>
    session.transaction(async () => {
      // Rows as text must not depend on the settings of a database.
      await session.query("set transaction read only; set local timezone = 'UTC'; set local datestyle = 'ISO'");
      return JSON.stringify((await session.query(same, [], limits)).rows.slice(0, MAX_SHOWN * 100));
    });
  const [was, is] = await Promise.all([ask(old), ask(fresh)]);
  if (was === is) return undefined;
  return `The databases differ: the old one answers ${was.slice(0, 500)}, the new one ${is.slice(0, 500)}.`;
}
