import { type Kill, outranks, type Revision } from '@bunting/core';
import type { Ending } from '../receipts/instance.ts';
import type { Introduction } from '../receipts/introduction.ts';
import type { Via } from '../receipts/receipts.ts';
import { packInstances } from './pack-instances.ts';

/** An instance behind this relay, as the upstream is to know it. */
export interface ReportedInstance {
  readonly number: number;
  readonly introduction: Introduction;
  readonly connectedAtMs: number;
  /** How often it asks for news; undefined: it is told. */
  readonly pollMs: number | undefined;
  readonly via: string | undefined;
  /** The key that let it in. */
  readonly keyId: string | undefined;
  /** Undefined until its first receipt. */
  receipt?: { readonly revision: Revision; readonly brokenFlags: number };
  /** The latest of each flag. */
  readonly kills: Map<string, Kill>;
  dataAgeMs?: number;
}

/** What has changed since the upstream was told last. */
export interface InstanceNews {
  readonly joined: Set<ReportedInstance>;
  readonly receipted: Set<ReportedInstance>;
  readonly killed: Map<ReportedInstance, Set<Kill>>;
  readonly aged: Set<ReportedInstance>;
  readonly left: { readonly number: number; readonly ending: Ending }[];
}

const DEFAULT_BATCH_MS = 20;
/** How long until it is tried again when the upstream does not read. */
const RETRY_MS = 100;

export interface InstanceReportsOptions {
  /** The origin's clock. */
  readonly nowMs: () => number;
  /** False when it could not be sent now. */
  readonly send: (text: string) => boolean;
  /** How long news wait, so that a crowd's receipts travel together. */
  readonly batchMs?: number | undefined;
}

/**
 * Tells the upstream of the instances behind this relay in one environment: all of them when the link becomes live, then
 * what changes.
 */
export class InstanceReports {
  readonly #options: InstanceReportsOptions;
  readonly #instances = new Map<object, ReportedInstance>();
  /** Never used again, so that an instance which comes back is not taken for its old connection. */
  #nextNumber = 1;
  #news = noNews();
  /** Packed and not sent yet. */
  #outbox: string[] = [];
  #isLive = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: InstanceReportsOptions) {
    this.#options = options;
  }

  join(member: object, introduction: Introduction, via: Via | undefined): void {
    const { instance, sdk, deploy } = introduction;
    const reported: ReportedInstance = {
      number: this.#nextNumber++,
      introduction: { instance, sdk, deploy },
      connectedAtMs: via?.connectedAtMs ?? this.#options.nowMs(),
      pollMs: via?.pollMs,
      via: via?.relay,
      keyId: via?.keyId,
      kills: new Map(),
    };
    this.#instances.set(member, reported);
    this.#note(() => this.#news.joined.add(reported));
  }

  receive(member: object, revision: Revision, brokenFlags: number): void {
    const reported = this.#instances.get(member);
    if (reported === undefined) return;
    reported.receipt = { revision, brokenFlags };
    this.#note(() => this.#news.receipted.add(reported));
  }

  /** From relays below they may come in any order. */
  receiveKill(member: object, kill: Kill): void {
    const reported = this.#instances.get(member);
    if (reported === undefined || !outranks(kill, reported.kills.get(kill.flag))) return;
    reported.kills.set(kill.flag, kill);
    this.#note(() => this.#news.killed.set(reported, (this.#news.killed.get(reported) ?? new Set()).add(kill)));
  }

  /** Goes with what is sent next: it is said all the time. */
  hear(member: object, dataAgeMs: number): void {
    const reported = this.#instances.get(member);
    if (reported === undefined) return;
    reported.dataAgeMs = dataAgeMs;
    if (this.#isLive) this.#news.aged.add(reported);
  }

  leave(member: object, ending: Ending): void {
    const reported = this.#instances.get(member);
    if (reported === undefined) return;
    this.#instances.delete(member);
    this.#note(() => this.#news.left.push({ number: reported.number, ending }));
  }

  /** With its link the upstream has lost all that it was told. */
  turn(isLive: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#news = noNews();
    this.#outbox = [];
    this.#isLive = isLive;
    if (!isLive) return;
    for (const reported of this.#instances.values()) {
      this.#news.joined.add(reported);
      if (reported.receipt !== undefined) this.#news.receipted.add(reported);
      if (reported.kills.size > 0) this.#news.killed.set(reported, new Set(reported.kills.values()));
      if (reported.dataAgeMs !== undefined) this.#news.aged.add(reported);
    }
    this.flush();
  }

  /** Tells what there is to tell. While the upstream does not read, news gather, and each replaces the one before. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#isLive) return;
    // What was held up goes first, then what has come since: nobody would send that otherwise until there is more.
    for (;;) {
      if (this.#outbox.length === 0) {
        this.#outbox = packInstances(this.#news);
        this.#news = noNews();
      }
      if (this.#outbox.length === 0) return;
      const unsent = this.#outbox.findIndex((text) => !this.#options.send(text));
      this.#outbox = unsent === -1 ? [] : this.#outbox.slice(unsent);
      if (unsent === -1) continue;
      this.#timer = setTimeout(() => this.flush(), RETRY_MS);
      return;
    }
  }

  #note(add: () => void): void {
    if (!this.#isLive) return;
    add();
    this.#timer ??= setTimeout(() => this.flush(), this.#options.batchMs ?? DEFAULT_BATCH_MS);
  }
}

function noNews(): InstanceNews {
  return { joined: new Set(), receipted: new Set(), killed: new Map(), aged: new Set(), left: [] };
}
