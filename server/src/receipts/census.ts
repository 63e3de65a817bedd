import { newestMarks } from './count.ts';
import { type InstanceKind, nameOfKind, UNKNOWN_KIND } from './kinds.ts';
import { MARK, type Part } from './part.ts';

/** One server's answer, and which server that is: its address; null where there is only one. */
export interface PlacedPart {
  readonly part: Part;
  readonly server: string | null;
}

/** How many instances are of one kind on one server. */
export interface InstanceGroup extends InstanceKind {
  readonly server: string | null;
  readonly confirmed: number;
  readonly pending: number;
  /** Of the pending ones, those that lack a revision for too long. */
  readonly behind: number;
  /** Lost without a goodbye a short while ago. */
  readonly unknown: number;
  /** Confirmed ones that could not understand some flags. */
  readonly broken: number;
}

/** Every instance once, as in `count`, by what people group them by; the largest group first. */
export function takeCensus(parts: readonly PlacedPart[]): InstanceGroup[] {
  const newest = newestMarks(parts.map(({ part }) => part));
  const groups = new Map<string, Mutable<InstanceGroup>>();
  for (const { part, server } of parts) {
    const { entries, kinds } = part;
    for (let at = 0; at < entries.length; at += 2) {
      const [idHash, mark] = [entries[at], entries[at + 1]];
      if (idHash === undefined || mark === undefined || newest.get(idHash) !== mark) continue;
      newest.delete(idHash);
      const kind = kinds?.table[kinds.of[at / 2] ?? -1] ?? UNKNOWN_KIND;
      const name = `${server} ${nameOfKind(kind)}`;
      const group = groups.get(name) ?? { ...kind, server, confirmed: 0, pending: 0, behind: 0, unknown: 0, broken: 0 };
      groups.set(name, group);
      countIn(group, mark % MARK.factor);
    }
  }
  return [...groups.values()].sort((a, b) => sizeOf(b) - sizeOf(a));
}

export function sizeOf({ confirmed, pending, unknown }: InstanceGroup): number {
  return confirmed + pending + unknown;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function countIn(group: Mutable<InstanceGroup>, bits: number): void {
  if ((bits & MARK.connected) === 0) {
    group.unknown += 1;
    return;
  }
  if ((bits & MARK.confirmed) === 0) group.pending += 1;
  else group.confirmed += 1;
  if ((bits & MARK.behind) !== 0) group.behind += 1;
  if ((bits & MARK.broken) !== 0) group.broken += 1;
}
