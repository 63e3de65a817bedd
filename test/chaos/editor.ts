import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Answer, Api } from '../../tools/demo-api.ts';
import { waitFor } from '../processes/wait.ts';
import { type ApiFlag, type EditedFlag, editedFlags } from './edited-flags.ts';

/** One flag's history as its editor knows it. */
interface Edited {
  readonly flag: EditedFlag;
  /** The last setting that a server acknowledged. */
  acknowledged: number;
  /** Settings sent after that which were not acknowledged. Each may have been stored or not. */
  unknown: number[];
  /** Each edit goes on from here. */
  latest: number;
}

const BETWEEN_EDITS_MS = 15;
const AFTER_FAILURE_MS = 60;

interface EditorOptions {
  /** That nobody else edits. Default: all. */
  readonly flags?: readonly EditedFlag[];
  readonly betweenEditsMs?: number;
}

/** Someone who edits flags one after another, and keeps book of what was acknowledged. */
export class Editor {
  acknowledged = 0;
  /** Edits that were not acknowledged: the server was gone, or said that it cannot store. */
  failed = 0;
  readonly #apis: readonly Api[];
  readonly #random: () => number;
  readonly #betweenEditsMs: number;
  readonly #edited: readonly Edited[];
  #isEditing = false;
  #done: Promise<void> = Promise.resolve();

  /** @param apis of the servers that share a database: edits go to them in turn */
  constructor(apis: readonly Api[], random: () => number, options: EditorOptions = {}) {
    this.#apis = apis;
    this.#random = random;
    this.#betweenEditsMs = options.betweenEditsMs ?? BETWEEN_EDITS_MS;
    const flags = options.flags ?? editedFlags;
    this.#edited = flags.map((flag) => ({ flag, acknowledged: 1, unknown: [], latest: 1 }));
  }

  /** Edits without a pause until `stop`. */
  start(): void {
    if (this.#isEditing) return;
    this.#isEditing = true;
    this.#done = this.#editOn();
  }

  async stop(): Promise<void> {
    this.#isEditing = false;
    await this.#done;
  }

  /** One more edit of each flag, which must be acknowledged before long. */
  async editAll(): Promise<void> {
    for (const edited of this.#edited) {
      await waitFor(`an edit of ${edited.flag.key} to be acknowledged`, () => this.#edit(edited), 60_000);
    }
  }

  /** Every flag is at its last acknowledged setting, or at one that was sent after it. */
  expectNothingLost(flags: readonly ApiFlag[]): void {
    for (const { flag, acknowledged, unknown } of this.#edited) {
      const stored = flags.find(({ key }) => key === flag.key);
      expect([acknowledged, ...unknown], flag.key).toContain(stored && flag.read(stored));
    }
  }

  async #editOn(): Promise<void> {
    while (this.#isEditing) {
      const edited = this.#edited[Math.floor(this.#random() * this.#edited.length)];
      if (edited === undefined) return;
      const wasAcknowledged = await this.#edit(edited);
      await sleep(wasAcknowledged ? this.#betweenEditsMs : AFTER_FAILURE_MS);
    }
  }

  /** False when the outcome is unknown. */
  async #edit(edited: Edited): Promise<boolean> {
    const { flag } = edited;
    edited.latest = flag.next(edited.latest);
    const setting = edited.latest;
    const { method, path, body } = flag.edit(setting);
    const api = this.#apis[(this.acknowledged + this.failed) % this.#apis.length];
    const answer = await api
      ?.request(method, `/projects/default/flags/${flag.key}${path}`, body)
      .catch((): Answer | undefined => undefined);
    const isDone = answer !== undefined && (flag.isDone?.(answer) ?? answer.status === 200);
    if (isDone) {
      this.acknowledged++;
      edited.acknowledged = setting;
      edited.unknown = [];
      return true;
    }
    // Gone, or "not now", or in force and not stored yet.
    expect([200, 503, undefined], `${flag.key}: ${JSON.stringify(answer?.body)}`).toContain(answer?.status);
    this.failed++;
    edited.unknown.push(setting);
    return false;
  }
}
