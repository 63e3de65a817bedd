import {
  applySnapshot,
  type ChangesMessage,
  type CompiledRuleset,
  type Flag,
  type Kill,
  type KillMessage,
  outranks,
  type SnapshotMessage,
} from '@bunting/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Succession } from './succession.ts';
import { changes, offFlag, onFlag, snapshot } from './test/documents.ts';

const KEYS = ['a', 'b', 'c'];
const OPTIONS = { clock: () => 0 };

/** Servers that share a history of commits, each as far in it as it has caught up, and one SDK that goes between them. */
class World {
  /** What each revision, counted from 1, holds. */
  readonly #history: ReadonlyMap<string, Flag>[] = [new Map([['a', onFlag('a')]])];
  readonly #servers = [0, 1, 2].map(() => ({ number: 1, kills: new Map<string, Kill>() }));
  readonly #succession = new Succession();
  /** Where the SDK is connected, and the revision that the server there has sent. */
  #link: { readonly server: number; sent: number } | undefined;
  #epoch = 0;
  ruleset: CompiledRuleset | undefined;

  /** @param edits flags by key: on, off or gone */
  commit(edits: readonly (readonly [string, boolean | null])[]): void {
    const next = new Map(this.#history.at(-1));
    for (const [key, to] of edits) to === null ? next.delete(key) : next.set(key, to ? onFlag(key) : offFlag(key));
    this.#history.push(next);
  }

  /** A server reads some of the commits that it lacks, and tells the SDK of all of them at once. */
  catchUp(index: number, by: number): void {
    const server = this.#servers[index];
    if (server === undefined) return;
    server.number = Math.min(this.#history.length, server.number + by);
    if (this.#link?.server !== index || this.#link.sent === server.number) return;
    const { sent } = this.#link;
    this.#link.sent = server.number;
    this.#receive(this.#changes(sent, server.number));
  }

  kill(index: number, flag: string, engaged: boolean): void {
    this.#epoch += 1;
    this.#spread(index, { flag, epoch: this.#epoch, engaged });
  }

  connect(index: number): void {
    const server = this.#servers[index];
    if (server === undefined) return;
    this.#succession.restart();
    const have = this.ruleset?.revision.number;
    this.#link = { server: index, sent: server.number };
    const kills = [...server.kills.values()];
    if (have === undefined || have > server.number) {
      const flags = [...(this.#history[server.number - 1]?.values() ?? [])];
      this.#receive({ ...snapshot(server.number, flags), kills });
      return;
    }
    for (const kill of kills) this.#receive({ type: 'kill', ...kill });
    this.#receive(this.#changes(have, server.number));
  }

  /** Everybody learns everything. */
  settle(): void {
    if (this.#link === undefined) this.connect(0);
    const kills = this.#servers.flatMap((server) => [...server.kills.values()]);
    for (const [index] of this.#servers.entries()) {
      this.catchUp(index, this.#history.length);
      for (const kill of kills) this.#spread(index, kill);
    }
    const newest = this.#servers[0];
    const flags = [...(this.#history.at(-1)?.values() ?? [])];
    const expected = applySnapshot({
      ...snapshot(this.#history.length, flags),
      kills: [...(newest?.kills.values() ?? [])],
    });
    expect(observe(this.ruleset)).toEqual(observe(expected));
  }

  #spread(index: number, kill: Kill): void {
    const server = this.#servers[index];
    if (server === undefined || !outranks(kill, server.kills.get(kill.flag))) return;
    server.kills.set(kill.flag, kill);
    if (this.#link?.server === index) this.#receive({ type: 'kill', ...kill });
  }

  #changes(from: number, to: number): ChangesMessage {
    const before = this.#history[from - 1] ?? new Map<string, Flag>();
    const after = this.#history[to - 1] ?? new Map<string, Flag>();
    const puts = [...after.values()].filter((flag) => before.get(flag.key) !== flag);
    const gone = [...before.keys()].filter((key) => !after.has(key));
    return changes(from, to, puts, gone);
  }

  #receive(message: SnapshotMessage | ChangesMessage | KillMessage): void {
    const before = this.ruleset;
    const taken = this.#succession.take(before, message, OPTIONS, 0);
    if (!taken.ok) throw new Error(taken.detail);
    this.ruleset = taken.ruleset;
    expect(this.ruleset?.revision.number).toBeGreaterThanOrEqual(before?.revision.number ?? 0);
    const told = message.type === 'snapshot' ? message.kills : message.type === 'kill' ? [message] : [];
    for (const kill of [...(before?.kills ?? []), ...told]) {
      const now = this.ruleset?.kills.find(({ flag }) => flag === kill.flag);
      expect(now).toSatisfy((later: Kill) => !outranks(kill, later));
    }
  }
}

function observe(ruleset: CompiledRuleset | undefined) {
  return {
    number: ruleset?.revision.number,
    keys: [...(ruleset?.keys() ?? [])].sort(),
    kills: [...(ruleset?.kills ?? [])].sort((x, y) => (x.flag < y.flag ? -1 : 1)),
    answers: KEYS.map((key) => ({ ...ruleset?.evaluate(key, {}), exposures: 0 })),
  };
}

type Step = (world: World) => void;
const server = fc.nat(2);
const key = fc.constantFrom(...KEYS);
const edits = fc.array(fc.tuple(key, fc.constantFrom(true, false, null)), { maxLength: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  edits.map(
    (all): Step =>
      (world) =>
        world.commit(all),
  ),
  fc.tuple(server, fc.integer({ min: 1, max: 4 })).map(
    ([at, by]): Step =>
      (world) =>
        world.catchUp(at, by),
  ),
  server.map(
    (at): Step =>
      (world) =>
        world.connect(at),
  ),
  fc.tuple(server, key, fc.boolean()).map(
    ([at, flag, on]): Step =>
      (world) =>
        world.kill(at, flag, on),
  ),
);

it('never goes back and ends with what all have, whichever servers it meets, however far behind, with whatever kills', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const world = new World();
      for (const take of steps) take(world);
      world.settle();
    }),
    { numRuns: 500 },
  );
});
