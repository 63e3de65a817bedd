import { FlagSlot } from '../flag-slot.ts';
import type { Kill } from '../model.ts';
import {
  type CompiledRuleset,
  isEngaged,
  MemoryRuleset,
  mergeKills,
  outranks,
  type RulesetOptions,
  retire,
} from '../ruleset.ts';
import { VersionedMap } from '../versioned-map.ts';
import type { ChangesMessage, SnapshotMessage } from './messages.ts';

export interface SnapshotOptions extends RulesetOptions {
  /**
   * The ruleset that the snapshot replaces. What is the same in both stays compiled, uncounted exposures are kept, and
   * (within one incarnation) kills that overtook the snapshot stay engaged.
   */
  readonly previous?: CompiledRuleset;
}

/** The ruleset that a snapshot carries. Nothing is parsed yet: the cost is one map entry for each flag. */
export function applySnapshot(message: SnapshotMessage, options: SnapshotOptions = {}): CompiledRuleset {
  const previous = options.previous instanceof MemoryRuleset ? options.previous.parts : undefined;
  const sameIncarnation = previous?.revision.incarnation === message.revision.incarnation;
  const earlierKills = previous !== undefined && sameIncarnation ? previous.killed.values() : [];
  const killed = mergeKills([...message.kills, ...earlierKills]);
  const slots = new Map<string, FlagSlot>();
  for (const { kind, key, json } of message.items) {
    if (kind !== 'flag') continue;
    const engaged = isEngaged(killed, key);
    const known = previous?.flags.get(key);
    const same = known !== undefined && known.killed === engaged && known.json === json;
    slots.set(key, same ? known : new FlagSlot(key, json, engaged));
  }
  const replaced = [...(previous?.flags.values() ?? [])].filter((slot) => slots.get(slot.key) !== slot);
  return new MemoryRuleset({
    revision: message.revision,
    committedAtMs: message.committedAtMs,
    flags: new VersionedMap(slots),
    killed,
    clock: options.clock ?? previous?.clock,
    retired: retire(previous?.retired ?? [], replaced),
  });
}

/**
 * The ruleset after the changes, at a cost proportional to them. Undefined: they do not start at this ruleset's
 * revision, or it is another incarnation; ask for a snapshot.
 */
export function applyChanges(current: CompiledRuleset, message: ChangesMessage): CompiledRuleset | undefined {
  const { parts } = ownRuleset(current);
  if (message.revision.incarnation !== parts.revision.incarnation) return undefined;
  if (message.from !== parts.revision.number) return undefined;
  const changed = new Map<string, FlagSlot | undefined>();
  for (const { kind, key } of message.delete) if (kind === 'flag') changed.set(key, undefined);
  for (const { kind, key, json } of message.items) {
    if (kind === 'flag') changed.set(key, new FlagSlot(key, json, isEngaged(parts.killed, key)));
  }
  return new MemoryRuleset({
    ...parts,
    revision: message.revision,
    committedAtMs: message.committedAtMs,
    flags: parts.flags.with(changed),
    retired: retire(parts.retired, slotsOf(parts.flags, changed.keys())),
  });
}

/** The ruleset after a kill or re-arm; the same ruleset when it already knows that one or a later one. */
export function applyKill(current: CompiledRuleset, kill: Kill): CompiledRuleset {
  const { parts } = ownRuleset(current);
  const { flag, epoch, engaged } = kill;
  if (!outranks(kill, parts.killed.get(flag))) return current;
  const killed = new Map(parts.killed).set(flag, { flag, epoch, engaged });
  const slot = parts.flags.get(flag);
  if (slot === undefined || slot.killed === engaged) return new MemoryRuleset({ ...parts, killed });
  const changed = new Map([[flag, new FlagSlot(flag, slot.json, engaged)]]);
  return new MemoryRuleset({
    ...parts,
    killed,
    flags: parts.flags.with(changed),
    retired: retire(parts.retired, [slot]),
  });
}

function slotsOf(flags: VersionedMap<FlagSlot>, keys: Iterable<string>): FlagSlot[] {
  return [...keys].flatMap((key) => flags.get(key) ?? []);
}

function ownRuleset(ruleset: CompiledRuleset): MemoryRuleset {
  if (ruleset instanceof MemoryRuleset) return ruleset;
  throw new TypeError('The ruleset must come from compile, applySnapshot, applyChanges or applyKill');
}
