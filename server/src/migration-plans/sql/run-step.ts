import type { SqlStep } from '../definition.ts';
import { prepareJournal, readEntry, writeEntry } from './journal.ts';
import { type Session, StepError } from './session.ts';

const DEFAULT_TIMEOUT_SECONDS = 60;
const DONE_BEFORE = 'It was done before.';

/**
 * Runs a step once: what a crash cut off after it took effect is not done again, where it runs in a transaction.
 * @param id of this step of this move
 * @returns what to tell of it
 * @throws whatever stands in the way; then nothing of it has happened, unless it runs outside a transaction
 */
export async function runStep(session: Session, step: SqlStep, id: string, signal: AbortSignal): Promise<string> {
  const { sql, transaction = !/\bconcurrently\b/i.test(sql), timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = step;
  await prepareJournal(session);
  if ((await readEntry(session, id)) !== undefined) return DONE_BEFORE;
  if (step.unless !== undefined && (await session.query(step.unless)).rows.length > 0) return DONE_BEFORE;
  const limits = { timeoutMs: timeoutSeconds * 1_000, signal };
  if (!transaction) {
    await dropInvalidIndex(session, sql, limits);
    const { command, rowCount } = await session.query(sql, [], limits);
    await writeEntry(session, id, { cursor: null, rows: rowCount ?? 0 });
    return describe(command, rowCount);
  }
  return session.transaction(async () => {
    const { rows } = await session.query('select pg_current_xact_id()::text as transaction');
    const { command, rowCount } = await session.query(sql, [], limits);
    const ended = await writeEntry(session, id, { cursor: null, rows: rowCount ?? 0 });
    if ((rows[0] as { transaction: string }).transaction !== ended) {
      throw new StepError('The SQL ended its transaction by itself: leave out begin, commit and rollback.');
    }
    return describe(command, rowCount);
  });
}

/** What a concurrent build that was cut off leaves behind is of no use, and takes the name. */
async function dropInvalidIndex(session: Session, sql: string, limits: { readonly timeoutMs: number }): Promise<void> {
  const [, name] =
    /\bcreate\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?("[^"]+"|[\w$]+)\s+on\b/i.exec(sql) ?? [];
  if (name === undefined) return;
  const { rows } = await session.query(
    'select indexrelid::regclass::text as index from pg_index where indexrelid = to_regclass($1) and not indisvalid',
    [name],
  );
  const invalid = (rows[0] as { index: string } | undefined)?.index;
  if (invalid !== undefined) await session.query(`drop index concurrently ${invalid}`, [], limits);
}

function describe(command: string, rowCount: number | null): string {
  return [command, rowCount].filter((part) => part !== null && part !== undefined).join(' ');
}
