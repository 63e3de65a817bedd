import { compileFlag } from './compile/flag.ts';
import { Links } from './compile/links.ts';
import { Outcomes } from './compile/outcomes.ts';
import type { FlagNode, Run, Scope } from './compile/scope.ts';
import { NEVER, type Span } from './compile/span.ts';
import { DocumentSlot } from './document-slot.ts';
import type { Evaluation } from './evaluation.ts';
import type { Flag, FlagType } from './model.ts';
import { checkFlag } from './validate/check-flag.ts';

/** One flag of a ruleset: its document, and the compiled flag once someone has asked for it. */
export class FlagSlot extends DocumentSlot<Flag> implements FlagNode {
  readonly killed: boolean;
  /** Evaluates; the first call compiles. */
  run: Run;
  #outcomes: Outcomes | undefined;
  #links: Links | undefined;
  #type: FlagType | undefined;
  #clientVisible = false;
  #parents: readonly string[] = [];

  constructor(key: string, json: string, killed: boolean) {
    super(key, json, checkFlag);
    this.killed = killed;
    this.run = (context, nowMs, scope) => {
      this.run = this.#compile(scope);
      return this.run(context, nowMs, scope);
    };
  }

  /** When time alone may change its answer, its prerequisites left out of account. Compiles. */
  spansIn(scope: Scope): readonly Span[] {
    if (this.#outcomes === undefined) this.run = this.#compile(scope);
    const links = this.#links;
    if (links === undefined) return NEVER;
    if (links.generation !== scope.generation) links.follow(scope);
    return links.spans;
  }

  /** The outcomes built so far. */
  get outcomes(): readonly Evaluation[] {
    return this.#outcomes?.all ?? [];
  }

  get type(): FlagType | undefined {
    this.check();
    return this.#type;
  }

  get clientVisible(): boolean {
    this.check();
    return this.#clientVisible;
  }

  /** The flags it has as prerequisites. */
  get parents(): readonly string[] {
    this.check();
    return this.#parents;
  }

  /** Forgets the documents of the ruleset it last answered in; it finds those of the next by itself. */
  unlink(): void {
    this.#links?.clear();
  }

  protected override onAccept(flag: Flag): void {
    this.#type = flag.type;
    this.#clientVisible = flag.clientVisible === true;
    this.#parents = (flag.prerequisites ?? []).map((prerequisite) => prerequisite.flag);
  }

  #compile(scope: Scope): Run {
    const flag = this.parse();
    this.#outcomes = new Outcomes(flag?.variants ?? []);
    if (flag !== undefined) {
      this.#links = new Links(scope.ambient);
      return compileFlag(flag, this.killed, this.#outcomes, this.#links);
    }
    const broken = this.#outcomes.fail('PARSE_ERROR', `The flag's document is malformed: ${this.problem}`);
    return () => broken;
  }
}
