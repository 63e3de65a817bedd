import {
  applyChanges,
  applySnapshot,
  type CompiledRuleset,
  type EvaluatedValue,
  type EvaluationContext,
  type ValuesMessage,
} from '@bunting/core';
import type { CommittedChange, LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Connection, Peer } from './connection.ts';
import { encodeFrame, type Frame } from './frame.ts';
import { inChunks } from './in-chunks.ts';

/** Values as they were sent, by flag key: their JSON text, to see what differs. */
type SentValues = Map<string, string>;

/**
 * The sockets with client keys of one environment. Rules never leave the server: each socket gets the values of the
 * client-visible flags for its own context, whole at first, then what differs after each change.
 */
export class ClientFeed {
  readonly #now: () => number;
  readonly #sent = new Map<Connection, SentValues>();
  /** Kept while there are sockets; made again from the ruleset when the first one joins. */
  #compiled: CompiledRuleset | undefined;
  #isStale = false;
  #isDelivering = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  join(connection: Connection, peer: Peer): void {
    this.#compiled ??= this.#compile(peer.ruleset);
    const values = this.#evaluate(this.#compiled, contextOf(peer));
    this.#sent.set(connection, textsOf(values));
    const frame = this.#encode(peer.ruleset, { whole: true, values, delete: [] });
    connection.admit(peer, frame);
  }

  leave(connection: Connection): void {
    this.#sent.delete(connection);
    if (this.#sent.size === 0) this.#compiled = undefined;
  }

  publish(ruleset: LiveRuleset, change: CommittedChange): void {
    if (this.#compiled === undefined) return;
    const { from, revision, committedAtMs, puts, deletes } = change;
    const header = { type: 'changes', revision, committedAtMs, timeMs: this.#now() } as const;
    const next = applyChanges(this.#compiled, { ...header, from, delete: deletes, items: puts });
    this.#compiled = next ?? this.#compile(ruleset);
    this.#isStale = true;
    if (!this.#isDelivering) void this.#deliver(ruleset);
  }

  /** Values stand for themselves, so changes that come while sockets are being told are told together. */
  async #deliver(ruleset: LiveRuleset): Promise<void> {
    this.#isDelivering = true;
    while (this.#isStale) {
      this.#isStale = false;
      await inChunks(this.#sent, ([connection]) => this.#tell(connection, ruleset));
    }
    this.#isDelivering = false;
  }

  #tell(connection: Connection, ruleset: LiveRuleset): void {
    const sent = this.#sent.get(connection);
    if (sent === undefined || connection.peer === undefined || this.#compiled === undefined) return;
    const values = this.#evaluate(this.#compiled, contextOf(connection.peer));
    const texts = textsOf(values);
    const changed = Object.entries(values).filter(([key]) => texts.get(key) !== sent.get(key));
    const gone = [...sent.keys()].filter((key) => !texts.has(key));
    if (changed.length === 0 && gone.length === 0) return;
    this.#sent.set(connection, texts);
    const part = { whole: false, values: Object.fromEntries(changed), delete: gone };
    connection.send(this.#encode(ruleset, part));
  }

  #compile(ruleset: LiveRuleset): CompiledRuleset {
    const { revision, committedAtMs } = ruleset;
    const header = { type: 'snapshot', revision, committedAtMs, timeMs: this.#now() } as const;
    return applySnapshot({ ...header, kills: ruleset.kills, items: ruleset.items() }, { clock: this.#now });
  }

  /** Flags that answer an error are left out: the page serves its own default. */
  #evaluate(compiled: CompiledRuleset, context: EvaluationContext): Record<string, EvaluatedValue> {
    const nowMs = this.#now();
    const values: Record<string, EvaluatedValue> = {};
    for (const key of compiled.keys()) {
      if (!compiled.isClientVisible(key)) continue;
      const { value, variant, reason, errorCode } = compiled.evaluate(key, context, nowMs);
      if (errorCode === undefined && value !== undefined && variant !== undefined)
        values[key] = { value, variant, reason };
    }
    return values;
  }

  #encode(ruleset: LiveRuleset, part: Pick<ValuesMessage, 'whole' | 'values' | 'delete'>): Frame {
    const { revision, committedAtMs } = ruleset;
    return encodeFrame({ type: 'values', revision, committedAtMs, timeMs: this.#now(), ...part });
  }
}

function contextOf({ hello }: Peer): EvaluationContext {
  return hello.context ?? {};
}

function textsOf(values: Readonly<Record<string, EvaluatedValue>>): SentValues {
  return new Map(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)]));
}
