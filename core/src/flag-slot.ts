import { compileFlag } from './compile/flag.ts';
import { failure, Outcomes } from './compile/outcomes.ts';
import type { Run } from './compile/run.ts';
import type { Evaluation } from './evaluation.ts';
import type { Flag, FlagType } from './model.ts';
import { checkFlag } from './validate/check-flag.ts';

/**
 * One flag of a ruleset: its document as text, and the compiled flag once someone has asked for it. Slots are shared
 * by all rulesets in which the flag is the same.
 */
export class FlagSlot {
  readonly key: string;
  readonly json: string;
  readonly killed: boolean;
  /** Evaluates; the first call parses, checks and compiles. */
  run: Run;
  /** The outcomes built so far. */
  outcomes: readonly Evaluation[] = [];
  /** Undefined until the document was looked at; then what is wrong with it, empty when nothing is. */
  #problem: string | undefined;
  #type: FlagType | undefined;
  #clientVisible = false;

  constructor(key: string, json: string, killed: boolean) {
    this.key = key;
    this.json = json;
    this.killed = killed;
    this.run = (context, nowMs, scope) => {
      this.#compile();
      return this.run(context, nowMs, scope);
    };
  }

  get checked(): boolean {
    return this.#problem !== undefined;
  }

  /** Found malformed; false while nobody has looked. */
  get broken(): boolean {
    return this.#problem !== undefined && this.#problem !== '';
  }

  get type(): FlagType | undefined {
    this.check();
    return this.#type;
  }

  get clientVisible(): boolean {
    this.check();
    return this.#clientVisible;
  }

  /** Parses and validates, if nobody has yet. */
  check(): void {
    if (!this.checked) this.parse();
  }

  /** The document; undefined when it is malformed. Parsed anew each time: text is kept, objects are not. */
  parse(): Flag | undefined {
    if (this.broken) return undefined;
    let document: unknown;
    try {
      document = JSON.parse(this.json);
    } catch {
      this.#problem = 'the document is not JSON';
      return undefined;
    }
    if (!this.checked && !this.#accept(document)) return undefined;
    return document as Flag;
  }

  #accept(document: unknown): boolean {
    const [first] = checkFlag(document);
    if (first !== undefined) {
      this.#problem = first.path === '' ? `it ${first.message}` : `${first.path} ${first.message}`;
      return false;
    }
    const flag = document as Flag;
    if (flag.key !== this.key) {
      this.#problem = `key must be "${this.key}", the key it was sent under`;
      return false;
    }
    this.#problem = '';
    this.#type = flag.type;
    this.#clientVisible = flag.clientVisible === true;
    return true;
  }

  #compile(): void {
    const flag = this.parse();
    if (flag === undefined) {
      const outcome = failure('PARSE_ERROR', `The flag's document is malformed: ${this.#problem}`);
      this.outcomes = [outcome];
      this.run = () => outcome;
      return;
    }
    const outcomes = new Outcomes(flag);
    this.run = compileFlag(flag, this.killed, outcomes);
    this.outcomes = outcomes.all;
  }
}
