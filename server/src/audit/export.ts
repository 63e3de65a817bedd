import type { Database } from '../store/tables.ts';
import { GENESIS } from './chain.ts';
import { findCheckpoints } from './checkpoint-repository.ts';
import { toAuditEvent } from './event.ts';
import { type AuditFilter, findAuditEvents, findChainedEvents, findChains } from './repository.ts';

/** Events read at once. */
const BATCH = 500;

/**
 * Whole chains as lines of JSON, which `verify-audit-export.mjs` verifies without the service: what it is, then each chain's
 * events in their order, then the checkpoints.
 * @param isWanted which chains
 */
export async function* exportChains(
  database: Database,
  at: string,
  isWanted: (chain: string) => boolean,
  hasCheckpoints: boolean,
): AsyncGenerator<string> {
  const chains = (await findChains(database)).filter(({ chain }) => isWanted(chain));
  yield line({ export: 'bunting-audit', version: 1, at, genesis: GENESIS, chains });
  for (const { chain, seq: end } of chains) {
    for (let seq = 0; seq < end; ) {
      const rows = await findChainedEvents(database, chain, seq, BATCH);
      const wanted = rows.filter((row) => row.seq <= end);
      if (wanted.length === 0) break;
      yield wanted.map((row) => line({ event: toAuditEvent(row) })).join('');
      seq = wanted.at(-1)?.seq ?? end;
    }
  }
  for (let after = 0; hasCheckpoints; ) {
    const found = await findCheckpoints(database, after, BATCH);
    if (found.length === 0) return;
    yield found.map(({ document }) => `{"checkpoint":${document}}\n`).join('');
    after = found.at(-1)?.number ?? after;
  }
}

const COLUMNS = [
  'at',
  'actorKind',
  'actorId',
  'actorName',
  'action',
  'project',
  'environment',
  'targetKind',
  'targetKey',
  'comment',
  'address',
  'userAgent',
  'requestId',
  'id',
  'chain',
  'seq',
  'hash',
  'before',
  'after',
] as const;

/** Events as CSV (RFC 4180), newest first, for people's spreadsheets. */
export async function* exportTable(database: Database, filter: AuditFilter): AsyncGenerator<string> {
  yield row(COLUMNS);
  for (let beforeId: string | undefined; ; ) {
    const rows = await findAuditEvents(database, { ...filter, ...(beforeId && { beforeId }), limit: BATCH });
    if (rows.length === 0) return;
    yield rows
      .map((found) => {
        const event = toAuditEvent(found);
        const { actor, target, origin } = event;
        const cells: Record<(typeof COLUMNS)[number], unknown> = {
          ...event,
          comment: event.comment,
          actorKind: actor.kind,
          actorId: actor.id,
          actorName: actor.name,
          targetKind: target.kind,
          targetKey: target.key,
          address: origin?.address,
          userAgent: origin?.userAgent,
          before: found.before,
          after: found.after,
        };
        return row(COLUMNS.map((column) => cells[column]));
      })
      .join('');
    beforeId = rows.at(-1)?.id;
  }
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

function row(cells: readonly unknown[]): string {
  return `${cells.map((cell) => toCell(String(cell ?? ''))).join(',')}\r\n`;
}

/** Text that a spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets do not show. */
function toCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
