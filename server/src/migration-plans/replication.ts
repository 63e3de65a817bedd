import type { Definition, PhaseDefinition, Replication, Side, SqlCheck, SqlStep } from './definition.ts';
import type { MigrationPhase } from './phase.ts';

const DEFAULT_MAX_LAG_BYTES = 1_000_000;
const DEFAULT_MAX_PAUSE_SECONDS = 30;
/** PostgreSQL takes 63 characters of a name: what is around the key, as in `bunting_…_closed`, leaves so many of them. */
export const MAX_REPLICATED_KEY = 48;
/** For how long the first copy may take. */
const COPY_SECONDS = 604_800;

/**
 * The definition with the steps that logical replication takes. The new side is copied and followed; at read_new writes are
 * stopped, for as long as it takes to send the last of them and to compare all rows; then the flag leads to the new side,
 * and what is written there is replicated back, until old writes are stopped for good.
 * @param key of the plan: what is made for it is named for it
 */
export function withReplication<D extends Definition>(key: string, definition: D): D {
  const { replication } = definition;
  if (replication === undefined) return definition;
  const phases: Record<string, PhaseDefinition> = { ...definition.phases };
  for (const [phase, generated] of Object.entries(phasesOf(`bunting_${key.replace(/\W/g, '_')}`, replication))) {
    const { up = [], down = [], verify = [], ...own } = phases[phase] ?? {};
    phases[phase] = {
      ...generated,
      ...own,
      up: [...up, ...(generated.up ?? [])],
      down: [...(generated.down ?? []), ...down],
      verify: [...(generated.verify ?? []), ...verify],
    };
  }
  return { ...definition, phases };
}

function phasesOf(name: string, replication: Replication): Partial<Record<MigrationPhase, PhaseDefinition>> {
  const { tables, maxLagBytes = DEFAULT_MAX_LAG_BYTES, maxPauseSeconds = DEFAULT_MAX_PAUSE_SECONDS } = replication;
  const back = `${name}_back`;
  const within = { withinSeconds: maxPauseSeconds, timeoutSeconds: maxPauseSeconds };
  const copied: SqlCheck = {
    on: 'new',
    sql: `select srrelid::regclass as waits_for from pg_subscription_rel join pg_subscription s on s.oid = srsubid
  where subname = '${name}' and srsubstate <> 'r'`,
    withinSeconds: COPY_SECONDS,
  };
  const near: SqlCheck = {
    sql: `select pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn) as bytes_behind from pg_replication_slots
  where slot_name = '${name}' and pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn) > ${maxLagBytes}`,
    withinSeconds: COPY_SECONDS,
  };
  return {
    expand: {
      up: [publish('old', name, tables), subscribe('new', name, true)],
      down: [unsubscribe('new', name), unpublish('old', name)],
    },
    backfill: { verify: [copied, near] },
    // What is stopped has all arrived, and nothing differs: only then writes are let go on, on the new side.
    read_new: {
      up: [
        publish('new', back, tables),
        close('old', name, tables, maxPauseSeconds),
        { check: { ...drained('old', name, name), ...within } },
        ...tables.map((table) => ({ check: { same: contentOf(table), ...within } })),
        { sequencesOf: tables, from: 'old' },
        subscribe('old', back, false),
        open('new', name, tables),
        seal('old', name, tables),
      ],
      down: [
        close('new', name, tables),
        { check: { ...drained('new', name, back), ...within } },
        { sequencesOf: tables, from: 'new' },
        unsubscribe('old', back),
        unpublish('new', back),
        open('old', name, tables),
      ],
      returnsOnFailure: true,
    },
    stop_old_write: {
      up: [unsubscribe('old', back), unpublish('new', back), unsubscribe('new', name), unpublish('old', name)],
    },
  };
}

function publish(on: Side, name: string, tables: readonly string[]): SqlStep {
  const unless = `select 1 from pg_publication where pubname = '${name}'`;
  return { on, unless, sql: `create publication ${name} for table ${tables.join(', ')}` };
}

function unpublish(on: Side, name: string): SqlStep {
  return { on, sql: `drop publication if exists ${name}` };
}

/** From the other side. What came from here by replication is not sent back. */
function subscribe(on: Side, name: string, copies: boolean): SqlStep {
  return {
    ...{ on, transaction: false, unless: `select 1 from pg_subscription where subname = '${name}'` },
    sql: `create subscription ${name} connection :other_url publication ${name} with (copy_data = ${copies}, origin = none)`,
  };
}

function unsubscribe(on: Side, name: string): SqlStep {
  return { on, transaction: false, sql: `drop subscription if exists ${name}` };
}

/**
 * Stops writes of everyone but replication, when those that are under way have ended; how far the log is then is kept in a
 * comment. Who writes is told by an error that it has to ask the flag again.
 * @param seconds after which they go on by themselves, whoever has died; undefined: never
 */
function close(on: Side, name: string, tables: readonly string[], seconds?: number): SqlStep {
  const triggers = tables.map(
    (table) => `drop trigger if exists ${name}_closed on ${table};
create trigger ${name}_closed before insert or update or delete or truncate on ${table} execute function ${name}_closed();`,
  );
  const until = seconds === undefined ? FOR_GOOD : `clock_timestamp() + interval '${seconds} seconds'`;
  return {
    on,
    sql: `${closedUntil(name, until)};
${triggers.join('\n')}
do $block$ begin
  execute format('comment on function ${name}_closed() is %L', pg_current_wal_insert_lsn());
end $block$`,
  };
}

/** Keeps closed for good what was closed for a time, unless that is over. Nobody can write meanwhile. */
function seal(on: Side, name: string, tables: readonly string[]): SqlStep {
  const until = `(select substring(prosrc from 'until <([^>]*)>')::timestamptz from pg_proc where oid = '${name}_closed()'::regprocedure)`;
  return {
    on,
    sql: `lock table ${tables.join(', ')} in share row exclusive mode;
do $block$ begin
  if clock_timestamp() >= ${until} then
    raise exception 'Writes were stopped for too long, and went on: the switch has to begin anew.';
  end if;
end $block$;
${closedUntil(name, FOR_GOOD)}`,
  };
}

const FOR_GOOD = `timestamptz 'infinity'`;

/** Makes the function of the triggers. @param until an expression */
function closedUntil(name: string, until: string): string {
  return `do $block$ begin
  execute format($create$create or replace function ${name}_closed() returns trigger language plpgsql as $function$
-- Closed until <%1$s>.
begin
  if clock_timestamp() < %1$L::timestamptz then
    raise exception 'the table is moving to another database'
      using errcode = 'read_only_sql_transaction', hint = 'Ask the flag again, and repeat the write where it leads.';
  end if;
  return null;
end $function$$create$, ${until});
end $block$`;
}

function open(on: Side, name: string, tables: readonly string[]): SqlStep {
  return { on, sql: tables.map((table) => `drop trigger if exists ${name}_closed on ${table}`).join(';\n') };
}

/** Whether all that was written on a side before it was closed has arrived on the other. */
function drained(on: Side, name: string, slot: string): SqlCheck {
  const isThere =
    slot === name
      ? `union all select null where not exists (select from pg_replication_slots where slot_name = '${slot}')`
      : '';
  return {
    on,
    sql: `select confirmed_flush_lsn as arrived_up_to from pg_replication_slots
  where slot_name = '${slot}' and confirmed_flush_lsn < obj_description('${name}_closed()'::regprocedure)::pg_lsn ${isThere}`.trim(),
  };
}

/** Of all rows, in any order. */
function contentOf(table: string): string {
  return `select '${table}' as table, count(*) as rows, coalesce(sum(hashtextextended(r::text, 0)), 0) as hash from ${table} r`;
}
