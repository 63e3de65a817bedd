import { setTimeout as wait } from 'node:timers/promises';
import type { BackfillStep } from '../definition.ts';
import { prepareJournal, readEntry, writeEntry } from './journal.ts';
import { type Session, StepError } from './session.ts';

const DEFAULT_TIMEOUT_SECONDS = 60;
const DEFAULT_BATCH_ROWS = 1_000;
const DEFAULT_SHARE = 0.5;
const DEFAULT_MAX_LAG_SECONDS = 10;
/** How often replicas are looked at. */
const LAG_EVERY_MS = 1_000;

export interface Progress {
  readonly rows: number;
  /** Undefined: nobody counted. */
  readonly total: number | undefined;
  readonly isLast: boolean;
}

/**
 * Copies rows batch by batch until there are no more, from where it stood. The cursor is kept with each batch, in one
 * transaction: a crash loses neither, and repeats none.
 * @param onProgress hears after each batch
 * @returns how many rows
 * @throws whatever stands in the way; what is copied stays, and the next call goes on after it
 */
export async function backfill(
  session: Session,
  step: BackfillStep,
  id: string,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
): Promise<number> {
  const { batchRows = DEFAULT_BATCH_ROWS, share = DEFAULT_SHARE, maxLagSeconds = DEFAULT_MAX_LAG_SECONDS } = step;
  const limits = { timeoutMs: (step.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1_000, signal };
  await prepareJournal(session);
  const total = await countRows(session, step, limits);
  const statement = toStatement(step.backfill);
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  for (;;) {
    signal.throwIfAborted();
    const beganMs = performance.now();
    if (beganMs - lookedAtMs > LAG_EVERY_MS) {
      await waitForReplicas(session, maxLagSeconds, signal);
      lookedAtMs = performance.now();
    }
    const { cursor, rows } = await session.transaction(async () => {
      const entry = (await readEntry(session, id)) ?? { cursor: step.from, rows: 0 };
      if (entry.cursor === null) return entry;
      const { rows: answer } = await session.query(statement, [entry.cursor, batchRows], limits);
      const after = readAnswer(answer, entry.cursor);
      const kept = { cursor: after.cursor, rows: entry.rows + after.rows };
      await writeEntry(session, id, kept);
      return kept;
    });
    onProgress({ rows, total, isLast: cursor === null });
    if (cursor === null) return rows;
    const tookMs = performance.now() - beganMs;
    await wait((tookMs * (1 - share)) / share, undefined, { signal });
  }
}

/** `:cursor` and `:limit` as the driver wants them; a cast such as `::cursor` is none of them. */
function toStatement(sql: string): string {
  return sql.replace(/(?<!:):cursor\b/g, '$1').replace(/(?<!:):limit\b/g, '$2');
}

/** @throws {StepError} that says what the statement must return */
function readAnswer(rows: readonly unknown[], from: string): { readonly cursor: string | null; readonly rows: number } {
  const [row] = rows as Readonly<Record<string, unknown>>[];
  if (row === undefined) return { cursor: null, rows: 0 };
  if (!('cursor' in row) || rows.length > 1) {
    throw new StepError(
      'The backfill must return one row with a column cursor: where this batch came to, null at the end.',
    );
  }
  const cursor = row.cursor === null ? null : String(row.cursor);
  if (cursor === from)
    throw new StepError(`The backfill stays at the cursor ${from}: return null when there are no more rows.`);
  return { cursor, rows: Number(row.rows ?? 0) || 0 };
}

/** It is for people: without it rows are copied all the same. */
async function countRows(
  session: Session,
  { count }: BackfillStep,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<number | undefined> {
  if (count === undefined) return undefined;
  const { rows } = await session.query(count, [], limits);
  const [number] = Object.values((rows[0] ?? {}) as Readonly<Record<string, unknown>>);
  return Number.isFinite(Number(number)) ? Number(number) : undefined;
}

/** The lag of replicas shows to members of pg_monitor only; to others there is none. */
async function waitForReplicas(session: Session, maxLagSeconds: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { rows } = await session.query(
      'select coalesce(max(extract(epoch from replay_lag)), 0)::float8 as seconds from pg_stat_replication',
    );
    if ((rows[0] as { seconds: number }).seconds <= maxLagSeconds) return;
    await wait(LAG_EVERY_MS, undefined, { signal });
  }
}
