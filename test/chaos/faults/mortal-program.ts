import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../../../tools/child.ts';
import type { TestProgram } from '../../processes/program.ts';
import type { Ledger } from './ledger.ts';

/** What nobody wants to read in a log: an error that no one took care of. */
const UNCARED = /uncaught|unhandled|TypeError|RangeError|ReferenceError|SyntaxError|MaxListeners|"level":60/i;
const START_TIMEOUT_MS = 120_000;

/** A server or relay that is to be killed and stopped, and must not end otherwise. */
export class MortalProgram<Program extends TestProgram = TestProgram> {
  readonly name: string;
  readonly program: Program;
  readonly #ledger: Ledger;
  /** Its process, while it is to be there. */
  #alive: Child | undefined;

  constructor(name: string, program: Program, ledger: Ledger) {
    this.name = name;
    this.program = program;
    this.#ledger = ledger;
    this.#watch();
  }

  async kill(): Promise<void> {
    this.#alive = undefined;
    await this.program.kill();
  }

  /** Starts it until it runs, as a supervisor does: it cannot start while it reaches no database, and says so. */
  async restart(): Promise<void> {
    const untilMs = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      try {
        await this.program.restart();
        this.#watch();
        return;
      } catch (error) {
        if (performance.now() > untilMs) throw error;
        this.#ledger.say(`${this.name} did not start: ${lastLine(error)}`);
        await sleep(500);
      }
    }
  }

  stand(): void {
    this.program.child.signal('SIGSTOP');
  }

  goOn(): void {
    this.program.child.signal('SIGCONT');
  }

  /** Blames it for what it should not have logged, and removes it. */
  async remove(): Promise<void> {
    this.goOn();
    this.#alive = undefined;
    const ended = await this.program.stop();
    const lines = readFileSync(this.program.logFile, 'utf8').trimEnd().split('\n');
    if (ended !== 0) this.#ledger.blame(`${this.name} ended with ${ended} when it was asked to: ${lines.at(-1)}`);
    for (const line of lines) {
      if (UNCARED.test(line)) this.#ledger.blame(`${this.name} logged: ${line.slice(0, 1_500)}`);
    }
    await this.program.remove();
  }

  #watch(): void {
    const { child } = this.program;
    this.#alive = child;
    this.#ledger.expectAlive(this.name, child.ended, () => this.#alive !== child);
  }
}

function lastLine(error: unknown): string {
  const lines = error instanceof Error ? error.message.split('\n') : [String(error)];
  return (lines.find((line) => line.startsWith('bunting-server:')) ?? lines[0] ?? '').slice(0, 200);
}
