import type { FlagSlot } from '../flag-slot.ts';
import { isEngaged, mergeKills, outranks } from '../kills.ts';
import { MemoryRuleset } from '../memory-ruleset.ts';
import type { Kill } from '../model.ts';
import { retire } from '../retired.ts';
import type { CompiledRuleset, RulesetOptions } from '../ruleset.ts';
import { buildTables, changeTables, type Tables } from '../tables.ts';
import type { ChangesMessage, SnapshotMessage } from './messages.ts';

export interface SnapshotOptions extends RulesetOptions {
  /**
   * The ruleset that the snapshot replaces. What is the same in both stays compiled, uncounted exposures are kept, and
   * (within one incarnation) kills that overtook the snapshot stay engaged.
   */
  readonly previous?: CompiledRuleset | undefined;
}

/** The ruleset that a snapshot carries. Nothing is parsed yet: the cost is one map entry for each item. */
export function applySnapshot(message: SnapshotMessage, options: SnapshotOptions = {}): CompiledRuleset {
  const previous = options.previous === undefined ? undefined : partsOf(options.previous);
  const sameIncarnation = previous?.revision.incarnation === message.revision.incarnation;
  const kills = mergeKills([...message.kills, ...(sameIncarnation ? (previous?.kills.values() ?? []) : [])]);
  const tables = buildTables(message.items, (key) => isEngaged(kills, key), previous?.tables);
  if (previous !== undefined) unlinkFlags(tables);
  const replaced = [...(previous?.tables.flag.values() ?? [])].filter((slot) => tables.flag.get(slot.key) !== slot);
  return new MemoryRuleset({
    revision: message.revision,
    committedAtMs: message.committedAtMs,
    tables,
    kills,
    clock: options.clock ?? previous?.clock,
    contactAge: options.contactAge ?? previous?.contactAge,
    // Flags that stay compiled have it inside.
    ambient: previous === undefined ? options.ambient : previous.ambient,
    retired: retire(previous?.retired ?? [], replaced),
  });
}

/**
 * The ruleset after the changes, at a cost proportional to them. Undefined: they do not start at this ruleset's
 * revision, or it is another incarnation; ask for a snapshot.
 */
export function applyChanges(current: CompiledRuleset, message: ChangesMessage): CompiledRuleset | undefined {
  const parts = partsOf(current);
  if (message.revision.incarnation !== parts.revision.incarnation) return undefined;
  if (message.from !== parts.revision.number) return undefined;
  const { revision, committedAtMs, items } = message;
  const names = [...message.delete, ...items];
  const replaced = slotsOf(parts.tables, names);
  const tables = changeTables(parts.tables, message.delete, items, (key) => isEngaged(parts.kills, key));
  if (names.some(({ kind }) => kind === 'segment' || kind === 'keys')) unlinkFlags(tables);
  return new MemoryRuleset({ ...parts, revision, committedAtMs, tables, retired: retire(parts.retired, replaced) });
}

/** The ruleset after a kill or re-arm; the same ruleset when it already knows that one or a later one. */
export function applyKill(current: CompiledRuleset, kill: Kill): CompiledRuleset {
  const parts = partsOf(current);
  const { flag, epoch, engaged } = kill;
  if (!outranks(kill, parts.kills.get(flag))) return current;
  const kills = new Map(parts.kills).set(flag, { flag, epoch, engaged });
  const slot = parts.tables.flag.get(flag);
  if (slot === undefined || slot.killed === engaged) return new MemoryRuleset({ ...parts, kills });
  const item = { kind: 'flag', key: flag, json: slot.json } as const;
  const tables = changeTables(parts.tables, [], [item], () => engaged);
  return new MemoryRuleset({ ...parts, kills, tables, retired: retire(parts.retired, [slot]) });
}

/** Segments may be large: a flag that nobody evaluates any more must not keep the replaced ones in memory. */
function unlinkFlags(tables: Tables): void {
  for (const slot of tables.flag.values()) slot.unlink();
}

/** The flags of these names, as they are before a change. */
function slotsOf(tables: Tables, names: readonly { readonly kind: string; readonly key: string }[]): FlagSlot[] {
  return names.flatMap(({ kind, key }) => (kind === 'flag' ? (tables.flag.get(key) ?? []) : []));
}

function partsOf(ruleset: CompiledRuleset): MemoryRuleset['parts'] {
  if (ruleset instanceof MemoryRuleset) return ruleset.parts;
  throw new TypeError('The ruleset must come from compile, applySnapshot, applyChanges or applyKill');
}
