import type { ClientMessage } from '@bunting/core';
import type { ContextSink } from '../contexts/sink.ts';
import type { KnownKey } from '../keys/key-ring.ts';
import type { Source } from '../measurements/window.ts';
import type { Introduction } from '../receipts/introduction.ts';
import type { Members as Receipts } from '../receipts/receipts.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { TelemetrySink } from '../telemetry/telemetry.ts';
import type { Caller } from './caller.ts';

/** What an instance without a WebSocket says at once. */
export interface Said {
  /** The client's own name for the connection: it makes a new one whenever it connects anew. */
  readonly connection: string;
  readonly introduction: Introduction;
  /** How often it says something at least. */
  readonly intervalMs: number;
  readonly messages: readonly ClientMessage[];
  /** True: it ends here. */
  readonly isClosing: boolean;
}

/** An instance that was not heard of for this many of its intervals has left. */
const INTERVALS_UNTIL_LOST = 3;

interface Member {
  readonly source: Source;
  readonly key: KnownKey;
  readonly ruleset: LiveRuleset;
  readonly intervalMs: number;
  readonly timer: NodeJS.Timeout;
}

/** Instances without a WebSocket. Each is a member of the receipts for as long as it keeps saying something. */
export class Members {
  readonly #receipts: Receipts;
  readonly #telemetry: TelemetrySink;
  readonly #contexts: Pick<ContextSink, 'record'>;
  readonly #members = new Map<string, Member>();

  constructor(receipts: Receipts, telemetry: TelemetrySink, contexts: Pick<ContextSink, 'record'>) {
    this.#receipts = receipts;
    this.#telemetry = telemetry;
    this.#contexts = contexts;
  }

  get size(): number {
    return this.#members.size;
  }

  /** @returns whether it joined by this: what it said before is then not known here */
  hear({ key, ruleset }: Caller, said: Said): boolean {
    const id = idOf(key.id, said.connection);
    const known = this.#members.get(id);
    const member = known ?? this.#join(id, key, ruleset, said);
    if (member.intervalMs === said.intervalMs) member.timer.refresh();
    for (const message of said.messages) this.#take(member, message);
    if (said.isClosing) this.#remove(id, 'closed');
    return known === undefined;
  }

  /** The long-lived response to this connection has ended. */
  lose(keyId: string, connection: string): void {
    this.#remove(idOf(keyId, connection), 'lost');
  }

  /** Everyone that the key let in leaves. */
  revoke(keyId: string): void {
    for (const [id, { key }] of this.#members) if (key.id === keyId) this.#remove(id, 'lost');
  }

  close(): void {
    for (const { timer } of this.#members.values()) clearTimeout(timer);
  }

  #join(id: string, key: KnownKey, ruleset: LiveRuleset, { introduction, intervalMs }: Said): Member {
    const timer = setTimeout(() => this.#remove(id, 'lost'), INTERVALS_UNTIL_LOST * intervalMs).unref();
    const source = { instance: introduction.instance.id, version: introduction.deploy?.version };
    const member = { source, key, ruleset, intervalMs, timer };
    this.#members.set(id, member);
    this.#receipts.join(member, ruleset, introduction, { keyId: key.id, pollMs: intervalMs });
    return member;
  }

  #take(member: Member, message: ClientMessage): void {
    switch (message.type) {
      case 'receipt':
        this.#receipts.receive(member, message);
        break;
      case 'kill-receipt':
        this.#receipts.receiveKill(member, message);
        break;
      case 'telemetry':
        this.#telemetry.record(member.ruleset, member.key.kind, message);
        break;
      case 'contexts':
        this.#contexts.record(member.ruleset, 'server', message);
        break;
      case 'measurements':
        this.#telemetry.measure(member.ruleset, member.source, message);
        break;
      case 'heartbeat':
        this.#receipts.hear(member, message.dataAgeMs);
        break;
      case 'hello':
        // Who it is stands beside the messages.
        break;
    }
  }

  #remove(id: string, ending: 'closed' | 'lost'): void {
    const member = this.#members.get(id);
    if (member === undefined) return;
    clearTimeout(member.timer);
    this.#members.delete(id);
    this.#receipts.leave(member, ending);
  }
}

/** Ids of keys hold no spaces. */
function idOf(keyId: string, connection: string): string {
  return `${keyId} ${connection}`;
}
