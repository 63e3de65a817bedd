import { nowMs } from '../../processes/clock.ts';
import type { Report, Sighting } from './application-main.ts';

/** What was done, what was seen, and what should not have been: of one run, by the machine's clock. */
export class Ledger {
  readonly sightings: Sighting[] = [];
  answers = 0;
  readonly #beganMs = nowMs();
  readonly #timeline: string[] = [];
  readonly #blames = new Set<string>();
  /** Answers of each application's present life. */
  readonly #answers = new Map<string, number>();

  /** Of the time line: faults, and what was noticed. */
  say(text: string): void {
    this.#timeline.push(`${((nowMs() - this.#beganMs) / 1_000).toFixed(2).padStart(8)} s  ${text}`);
  }

  /** Something that must not be. */
  blame(text: string): void {
    if (this.#blames.has(text)) return;
    this.#blames.add(text);
    this.say(`FAULT: ${text}`);
  }

  get blames(): readonly string[] {
    return [...this.#blames];
  }

  get timeline(): string {
    return this.#timeline.join('\n');
  }

  note(name: string, { answers, faults, sightings, slow }: Report): void {
    const before = this.#answers.get(name) ?? 0;
    this.answers += answers < before ? answers : answers - before;
    this.#answers.set(name, answers);
    this.sightings.push(...sightings);
    for (const fault of faults) this.blame(fault);
    for (const { tookMs, cpuMs } of slow) {
      this.blame(`${name}: asking its flags took ${Math.round(tookMs)} ms, ${Math.round(cpuMs)} of the processor`);
    }
  }

  /** @param isOver whether this process was to end */
  expectAlive(name: string, ended: Promise<number | string>, isOver: () => boolean): void {
    void ended.then((how) => {
      if (!isOver()) this.blame(`${name} ended by itself (${how})`);
    });
  }
}
