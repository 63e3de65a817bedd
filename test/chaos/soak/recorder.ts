import { setTimeout as sleep } from 'node:timers/promises';
import { readReceipts } from '../../processes/flags.ts';
import type { CollectedGauge } from '../../processes/gauge.ts';
import type { Editor } from '../editor.ts';
import type { Estate } from './estate.ts';
import type { ReleaseLoop } from './release-loop.ts';
import { type Row, Sheet } from './sheet.ts';

const MB = 1e6;
/** So long after an edit all instances must have confirmed. */
const RECEIPTS_MS = 5_000;

export interface Scene {
  readonly estate: Estate;
  readonly editor: Editor;
  readonly releases: ReleaseLoop;
}

/** Looks at all that runs, again and again. */
export class Recorder {
  readonly sheet = new Sheet();
  readonly #scene: Scene;
  readonly #startedMs = performance.now();
  readonly #cpuMs = new Map<string, { readonly atMs: number; readonly cpuMs: number }>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** @param everyMs the first row is after one of these */
  async record(forMs: number, everyMs: number, say: (row: Row) => void): Promise<void> {
    const fromMs = performance.now();
    // The first reading tells of the time before.
    await this.#readProcesses();
    for (let next = everyMs; next <= forMs; next += everyMs) {
      await sleep(Math.max(0, fromMs + next - performance.now()));
      const row = await this.#read();
      this.sheet.rows.push(row);
      say(row);
    }
  }

  async #read(): Promise<Row> {
    const { estate, editor, releases } = this.#scene;
    const seconds = (performance.now() - this.#startedMs) / 1_000;
    const processes = await this.#readProcesses();
    const { answers, faults } = await estate.witnesses.heard();
    return {
      seconds,
      ...processes,
      'database MB': estate.databaseBytes() / MB,
      answers,
      'wrong answers': faults.length,
      visits: estate.visitors.visits,
      'shop errors': estate.visitors.seen('error'),
      'receipts missing': await this.#missingReceipts(),
      edits: editor.acknowledged,
      'edits failed': editor.failed,
      releases: releases.count,
    };
  }

  async #readProcesses(): Promise<Row> {
    const row: Record<string, number> = {};
    for (const [name, gauge] of await this.#scene.estate.gauges()) {
      row[`${name} heap MB`] = gauge.heapBytes / MB;
      row[`${name} resident MB`] = gauge.residentBytes / MB;
      row[`${name} descriptors`] = gauge.descriptors;
      row[`${name} resources`] = gauge.resources;
      row[`${name} delay p50 ms`] = gauge.delayMs.p50;
      row[`${name} delay p99 ms`] = gauge.delayMs.p99;
      row[`${name} longest block ms`] = gauge.longestBlockMs;
      row[`${name} cpu %`] = this.#cpuPercent(name, gauge);
    }
    return row;
  }

  #cpuPercent(name: string, { cpuMs }: CollectedGauge): number {
    const before = this.#cpuMs.get(name);
    const atMs = performance.now();
    this.#cpuMs.set(name, { atMs, cpuMs });
    return before === undefined ? 0 : (100 * (cpuMs - before.cpuMs)) / (atMs - before.atMs);
  }

  /** Edits go on meanwhile, so they need not be all there at one moment, only each in time. */
  async #missingReceipts(): Promise<number> {
    const { server, instances } = this.#scene.estate;
    const { revision } = await readReceipts(server.api);
    const path = `/projects/default/environments/development/receipts?revision=${revision.number}`;
    const untilMs = performance.now() + RECEIPTS_MS;
    for (;;) {
      const { confirmed } = await server.api.call<{ confirmed: number }>('GET', path);
      if (confirmed === instances || performance.now() > untilMs) return instances - confirmed;
      await sleep(100);
    }
  }
}
