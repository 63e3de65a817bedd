import type { Problem } from './validate/check.ts';

/**
 * One document of a ruleset as the text it came as. It is parsed and checked when someone first asks, and only the text
 * is kept. Slots are shared by all rulesets in which the document is the same.
 */
export class DocumentSlot<D extends { readonly key: string }> {
  readonly key: string;
  readonly json: string;
  readonly #checkDocument: (document: unknown) => readonly Problem[];
  /** Undefined until the document was looked at; then what is wrong with it, empty when nothing is. */
  #problem: string | undefined;

  constructor(key: string, json: string, checkDocument: (document: unknown) => readonly Problem[]) {
    this.key = key;
    this.json = json;
    this.#checkDocument = checkDocument;
  }

  /** Whether someone has looked. */
  get checked(): boolean {
    return this.#problem !== undefined;
  }

  /** What is wrong with the document, as far as someone has looked; undefined when nothing is. */
  get problem(): string | undefined {
    return this.#problem === '' ? undefined : this.#problem;
  }

  /** Parses and validates, if nobody has yet. */
  check(): void {
    if (!this.checked) this.parse();
  }

  /** The document; undefined when it is malformed. */
  parse(): D | undefined {
    if (this.problem !== undefined) return undefined;
    let document: unknown;
    try {
      document = JSON.parse(this.json);
    } catch {
      this.#problem = 'the document is not JSON';
      return undefined;
    }
    if (!this.checked) {
      this.#problem = this.#findProblem(document);
      if (this.#problem !== '') return undefined;
      this.onAccept(document as D);
    }
    return document as D;
  }

  /** Called once, with a document that was found fine. */
  protected onAccept(_document: D): void {}

  #findProblem(document: unknown): string {
    const [first] = this.#checkDocument(document);
    if (first !== undefined) return first.path === '' ? `it ${first.message}` : `${first.path} ${first.message}`;
    if ((document as D).key === this.key) return '';
    return `key must be "${this.key}", the key it was sent under`;
  }
}
