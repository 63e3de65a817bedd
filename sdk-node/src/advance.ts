import {
  applyChanges,
  applyKill,
  applySnapshot,
  type ChangesMessage,
  type CompiledRuleset,
  type KillMessage,
  type RulesetOptions,
  type SnapshotMessage,
} from '@bunting/core';

/** What a message made of the ruleset in memory: the next one and the flags that differ, or why it made nothing. */
export type Advance =
  | { readonly ok: true; readonly ruleset: CompiledRuleset | undefined; readonly keys: readonly string[] }
  | { readonly ok: false; readonly detail: string };

/** `current` is undefined before the first snapshot. `options` are the ruleset's. */
export function advance(
  current: CompiledRuleset | undefined,
  message: SnapshotMessage | ChangesMessage | KillMessage,
  options: RulesetOptions,
): Advance {
  switch (message.type) {
    case 'snapshot': {
      const ruleset = applySnapshot(message, { ...options, previous: current });
      return { ok: true, ruleset, keys: current === undefined ? [...ruleset.keys()] : differences(current, ruleset) };
    }
    case 'changes': {
      if (current === undefined) return { ok: false, detail: 'changes before any snapshot' };
      const ruleset = applyChanges(current, message);
      if (ruleset === undefined) {
        const { incarnation, number } = current.revision;
        const theirs = `${message.revision.incarnation}/${message.from}`;
        return { ok: false, detail: `changes from revision ${theirs} while ${incarnation}/${number} is in memory` };
      }
      const flags = [...message.items, ...message.delete].filter(({ kind }) => kind === 'flag');
      return { ok: true, ruleset, keys: flags.map(({ key }) => key) };
    }
    case 'kill': {
      // Before the first snapshot there is nothing to kill.
      if (current === undefined) return { ok: true, ruleset: undefined, keys: [] };
      const ruleset = applyKill(current, message);
      return { ok: true, ruleset, keys: ruleset === current ? [] : [message.flag] };
    }
  }
}

/** Keys of the flags that were added, changed, removed, killed or re-armed. */
function differences(before: CompiledRuleset, after: CompiledRuleset): string[] {
  const old = describeFlags(before);
  const keys: string[] = [];
  for (const [key, text] of describeFlags(after)) {
    if (old.get(key) !== text) keys.push(key);
    old.delete(key);
  }
  return [...keys, ...old.keys()];
}

/** Each flag's document, marked when the flag is killed. */
function describeFlags(ruleset: CompiledRuleset): Map<string, string> {
  const killed = new Set(ruleset.kills.filter((kill) => kill.engaged).map((kill) => kill.flag));
  const flags = new Map<string, string>();
  for (const { kind, key, json } of ruleset.items()) {
    if (kind === 'flag') flags.set(key, killed.has(key) ? `killed ${json}` : json);
  }
  return flags;
}
