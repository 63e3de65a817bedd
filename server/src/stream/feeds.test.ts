import {
  applyChanges,
  applyKill,
  applySnapshot,
  type CompiledRuleset,
  type EvaluatedValue,
  type EvaluationContext,
  flagItem,
  type Item,
  type ItemName,
  type Revision,
  type ServerMessage,
} from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CompiledRulesets } from '../evaluate/compiled-rulesets.ts';
import { Metrics } from '../metrics/metrics.ts';
import { EMPTY_HASH, hashOf } from '../rulesets/content-hash.ts';
import { Rulesets } from '../rulesets/rulesets.ts';
import { type FakeSocket, fakeConnection } from '../testing/fake-socket.ts';
import type { Connection } from './connection.ts';
import { Feeds } from './feeds.ts';
import { TokenBucket } from './token-bucket.ts';
import { Turns } from './turns.ts';

const KEYS = ['a', 'b', 'c', 'd'];
const CONTEXTS: EvaluationContext[] = [{ targetingKey: 'x', plan: 'pro' }, { targetingKey: 'y' }];
const environment = { environmentId: 'e', project: 'p', environment: 'production' };

function flag(key: string, version: number): Item {
  return flagItem({
    key,
    type: 'number',
    variants: [
      { name: 'off', value: -1 },
      { name: 'pro', value: version },
      { name: 'all', value: version % 3 },
    ],
    enabled: version % 5 !== 0,
    offVariant: 'off',
    rules: [{ id: 'r', when: { attribute: 'plan', operator: 'in', values: ['pro'] }, serve: { variant: 'pro' } }],
    defaultRule: { variant: 'all' },
    clientVisible: version % 7 !== 0,
    // Long enough that a ruleset of three flags is packed for those who can unpack it, and one of two is not.
    schema: { description: 'x'.repeat(7_000) },
  });
}

/** An SDK: what it makes of the messages that reach it. */
class Instance {
  ruleset: CompiledRuleset | undefined;
  readonly values = new Map<string, EvaluatedValue>();
  #seq = 0;

  receive(message: ServerMessage): void {
    if (message.type === 'snapshot') this.ruleset = applySnapshot(message, { previous: this.ruleset });
    if (message.type === 'kill' && this.ruleset !== undefined) this.ruleset = applyKill(this.ruleset, message);
    if (message.type === 'changes') {
      this.ruleset = this.ruleset && applyChanges(this.ruleset, message);
      if (this.ruleset === undefined) throw new Error(`changes from ${message.from} do not follow`);
    }
    if (message.type !== 'values') return;
    // What they follow on is what was sent before, whoever was slow meanwhile.
    if (message.seq !== this.#seq + 1) throw new Error(`values ${message.seq} after ${this.#seq}`);
    this.#seq = message.seq;
    if (message.whole) this.values.clear();
    for (const [key, value] of Object.entries(message.values)) this.values.set(key, value);
    for (const key of message.delete) this.values.delete(key);
  }
}

interface Member {
  readonly kind: 'server' | 'client';
  readonly context: EvaluationContext;
  readonly instance: Instance;
  readonly socket: FakeSocket;
  readonly connection: Connection;
}

/** A server with its feeds, of which every turn is one step, and those who are connected. */
class World {
  readonly rulesets = new Rulesets((error) => {
    throw error;
  });
  readonly #metrics = new Metrics(this.rulesets);
  readonly compiled = new CompiledRulesets(this.rulesets, () => 0);
  readonly #report = (error: unknown) => {
    this.failure = error;
  };
  readonly #turns = new Turns({ maxTurnMs: 0, observe: () => {}, report: this.#report });
  readonly #feeds: Feeds;
  readonly members: Member[] = [];
  readonly #gone: Instance[] = [];
  failure: unknown;
  #version = 0;
  #epoch = 0;

  constructor() {
    const revision = { incarnation: 'i', number: 0, hash: EMPTY_HASH };
    this.rulesets.add({ ...environment, revision, committedAtMs: 0, items: [], recent: [], kills: [] });
    this.#feeds = new Feeds({
      rulesets: this.rulesets,
      compiled: this.compiled,
      turns: this.#turns,
      metrics: this.#metrics,
      report: this.#report,
      // Some wait for their snapshots.
      snapshotBytes: new TokenBucket(2_000_000),
      origin: { nowMs: () => 0, dataAgeMs: () => 0, vouchAgeMs: () => 0 },
      stride: 1,
    });
  }

  get ruleset() {
    const ruleset = this.rulesets.get('e');
    if (ruleset === undefined) throw new Error('no ruleset');
    return ruleset;
  }

  change(puts: string[], deletes: string[]): void {
    this.#version += 1;
    const items = new Map(this.ruleset.items().map((item) => [item.key, item]));
    const gone: ItemName[] = deletes
      .filter((key) => items.has(key) && !puts.includes(key))
      .map((key) => ({ kind: 'flag', key }));
    const come = puts.map((key) => flag(key, this.#version));
    for (const item of come) items.set(item.key, item);
    for (const { key } of gone) items.delete(key);
    const { incarnation, number } = this.ruleset.revision;
    const revision: Revision = { incarnation, number: number + 1, hash: hashOf(items.values()) };
    const ticks = { committedAtMs: 0, committedTickMs: 0 };
    this.rulesets.apply({ environmentId: 'e', from: number, revision, ...ticks, puts: come, deletes: gone });
  }

  kill(key: string, engaged: boolean): void {
    this.#epoch += 1;
    this.rulesets.applyKill('e', { flag: key, epoch: this.#epoch, engaged });
  }

  /** Another content: of a new incarnation, or of this one with changes in between that were missed. */
  replace(keys: string[], isNewIncarnation: boolean): void {
    this.#version += 1;
    const items = keys.map((key) => flag(key, this.#version));
    const { incarnation, number } = this.ruleset.revision;
    const next = isNewIncarnation
      ? { incarnation: `i${this.#version}`, number: 1 }
      : { incarnation, number: number + 3 };
    const revision = { ...next, hash: hashOf(items) };
    this.rulesets.replace({ ...environment, revision, committedAtMs: 0, items, recent: [], kills: [] });
  }

  join(kind: Member['kind'], context: EvaluationContext, instance = new Instance()): void {
    const { ruleset } = this;
    const { socket, connection } = fakeConnection(this.#metrics);
    const key = { id: 'k', kind, name: 'k', environmentId: 'e' } as const;
    const have = instance.ruleset?.revision ?? null;
    const canUnpack = this.members.length % 2 === 0;
    this.members.push({ kind, context, instance, socket, connection });
    const feed = this.#feeds.of(ruleset)[kind];
    connection.admit({ key, ruleset, canUnpack, source: undefined, context }, feed);
    feed.join(connection, have);
  }

  pick(at: number): Member | undefined {
    return this.members[at % Math.max(1, this.members.length)];
  }

  /** The connection breaks; what waited for it is lost. */
  drop(at: number): void {
    const [member] = this.members.splice(at % Math.max(1, this.members.length), 1);
    if (member === undefined) return;
    member.connection.terminate();
    this.#feeds.of(this.ruleset)[member.kind].leave(member.connection);
    member.connection.end();
    for (const message of member.socket.messages()) member.instance.receive(message);
    if (member.kind === 'server') this.#gone.push(member.instance);
  }

  comeBack(): void {
    const instance = this.#gone.shift();
    if (instance !== undefined) this.join('server', {}, instance);
  }

  async settle(): Promise<void> {
    for (const { socket } of this.members) socket.drain();
    for (let quiet = 0; quiet < 200; quiet++) await tick();
    // Packing takes as long as it takes.
    await expect
      .poll(() => this.members.filter(({ kind }) => kind === 'server').every(isSent(this.ruleset.revision)))
      .toBe(true);
    for (const { socket, instance } of this.members) for (const message of socket.messages()) instance.receive(message);
  }
}

/** Whether a member was sent a revision. */
function isSent({ incarnation, number }: Revision): (member: Member) => boolean {
  return ({ socket }) =>
    socket.messages().some((message) => {
      const isRuleset = message.type === 'snapshot' || message.type === 'changes';
      return isRuleset && message.revision.number === number && message.revision.incarnation === incarnation;
    });
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

const anyKey = fc.constantFrom(...KEYS);
const anyKeys = fc.uniqueArray(anyKey, { maxLength: 3 });
type Step = (world: World) => unknown;
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(anyKeys, anyKeys).map(
      ([puts, deletes]): Step =>
        (world) =>
          world.change(puts, deletes),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(anyKey, fc.boolean()).map(
      ([key, on]): Step =>
        (world) =>
          world.kill(key, on),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Step>((world) => world.join('server', {})) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...CONTEXTS).map(
      (context): Step =>
        (world) =>
          world.join('client', context),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.nat(9).map(
      (at): Step =>
        (world) =>
          world.pick(at)?.socket.stick(),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.nat(9).map(
      (at): Step =>
        (world) =>
          world.pick(at)?.socket.drain(),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat(9).map(
      (at): Step =>
        (world) =>
          world.drop(at),
    ),
  },
  { weight: 3, arbitrary: fc.constant<Step>((world) => world.comeBack()) },
  { weight: 6, arbitrary: fc.constant<Step>(tick) },
  {
    weight: 1,
    arbitrary: fc.tuple(anyKeys, fc.boolean()).map(
      ([keys, isNew]): Step =>
        (world) =>
          world.replace(keys, isNew),
    ),
  },
);

test('however changes, kills, joins, slow readers, drops and resumes fall together, all end with what the server has', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 60, size: 'max' }), async (steps) => {
      const world = new World();
      for (const step of steps) await step(world);
      world.join('server', {});
      await world.settle();
      expect(world.failure).toBeUndefined();
      const { ruleset } = world;
      const final = world.compiled.get(ruleset);
      for (const { kind, context, instance } of world.members) {
        if (kind === 'server') {
          expect(instance.ruleset?.revision).toEqual(ruleset.revision);
          expect(textOf(instance.ruleset?.items() ?? [])).toEqual(textOf(ruleset.items()));
          for (const key of KEYS)
            expect(instance.ruleset?.evaluate(key, CONTEXTS[0] ?? {})).toEqual(final.evaluate(key, CONTEXTS[0] ?? {}));
        } else {
          const values = KEYS.filter((key) => final.isClientVisible(key)).map((key) => {
            const { value, variant, reason } = final.evaluate(key, context);
            return [key, { value, variant, reason }];
          });
          expect(Object.fromEntries(instance.values)).toEqual(Object.fromEntries(values));
        }
      }
    }),
    { numRuns: 300 },
  );
}, 60_000);

function textOf(items: Iterable<Item>): string[] {
  return [...items].map(({ kind, key, json }) => `${kind} ${key} ${json}`).sort();
}
