import type { EvaluationContext, Json } from '../model.ts';
import type { AttributeType, SeenAttribute } from '../sync/messages.ts';
import type { PrivateAttributes } from './private-attributes.ts';

/** How deep objects and lists are copied; what is deeper is left out. */
const MAX_DEPTH = 5;
/** Values of one context, those inside of objects and lists counted. */
const MAX_VALUES = 200;
const MAX_LIST_LENGTH = 50;
/** Longer text is cut, and ends in `…`. */
const MAX_TEXT_LENGTH = 200;
const MAX_PATH_LENGTH = 200;
/** Of the JSON of a context, in characters. */
const MAX_JSON_LENGTH = 8 * 1024;

/** What is left of a context when it leaves the process that evaluates for it. */
export interface ContextSample {
  /** Plain data, small. */
  readonly context: { readonly [attribute: string]: Json };
  /** Its attributes, each once; none that is private. */
  readonly attributes: readonly Omit<SeenAttribute, 'count'>[];
  /** True when more was there than fits: text was cut, or values were left out. */
  readonly isCut: boolean;
}

export interface SampleOptions {
  readonly privateAttributes: PrivateAttributes;
  /** What stands for a targeting key that is private, or too long. */
  readonly hideKey: (targetingKey: string) => string;
  /** Attributes that every context has, unless it has one of that name itself. */
  readonly ambient?: EvaluationContext | undefined;
  /** Objects that must not even be looked at, such as proxies. */
  readonly isOpaque?: (value: object) => boolean;
}

/**
 * A small copy of a context without what is private in it. No code of the host runs: getters are left out, not called.
 * A sample of a sample is the sample. Never throws; undefined when there is nothing that could be copied.
 */
export function sampleContext(context: unknown, options: SampleOptions): ContextSample | undefined {
  try {
    const copy = new Copy(options);
    copy.take(context);
    if (options.ambient !== undefined) copy.take(options.ambient);
    return copy.sample;
  } catch {
    // An object like no other, for example a proxy as a prototype.
    return undefined;
  }
}

class Copy {
  readonly #options: SampleOptions;
  readonly #context: Record<string, Json> = Object.create(null);
  readonly #attributes = new Map<string, AttributeType>();
  #valuesLeft = MAX_VALUES;
  #charactersLeft = MAX_JSON_LENGTH;
  #isCut = false;
  /** True below names with dots and inside of lists: no condition can name what is there. */
  #isOutOfReach = false;

  constructor(options: SampleOptions) {
    this.#options = options;
  }

  get sample(): ContextSample | undefined {
    if (Object.keys(this.#context).length === 0) return undefined;
    const attributes = [...this.#attributes].map(([path, type]) => ({ path, type }));
    return { context: this.#context, attributes, isCut: this.#isCut };
  }

  /** Adds the attributes of `context` that are not there yet. The targeting key goes first: it must not be cut off. */
  take(context: unknown): void {
    if (!this.#isReadable(context) || Array.isArray(context)) return;
    const key = dataOf(context, 'targetingKey');
    if (typeof key === 'string' && key !== '') this.#takeKey(key);
    for (const name of Object.keys(context)) {
      if (name === 'targetingKey' || name in this.#context) continue;
      if (this.#isFull) break;
      const value = this.#copyAttribute(context, name, name, 1);
      if (value !== undefined) this.#context[name] = value;
    }
  }

  #takeKey(key: string): void {
    const isPrivate = this.#options.privateAttributes.has('targetingKey');
    const shown = isPrivate || key.length > MAX_TEXT_LENGTH ? this.#options.hideKey(key) : key;
    const value = this.#copy(shown, 'targetingKey', 0);
    if (value === undefined) return;
    this.#context.targetingKey = value;
    this.#attributes.set('targetingKey', 'string');
  }

  #copyAttribute(holder: object, name: string, path: string, depth: number): Json | undefined {
    if (path.length > MAX_PATH_LENGTH || name === '' || CONTROL.test(name)) {
      this.#isCut = true;
      return undefined;
    }
    if (this.#options.privateAttributes.has(path)) return undefined;
    this.#charactersLeft -= JSON.stringify(name).length + 2;
    const wasOutOfReach = this.#isOutOfReach;
    this.#isOutOfReach ||= name.includes('.');
    const copy = this.#copy(dataOf(holder, name), path, depth);
    if (copy !== undefined && !isBranch(copy) && !this.#isOutOfReach) this.#attributes.set(path, typeOf(copy));
    this.#isOutOfReach = wasOutOfReach;
    return copy;
  }

  #copy(value: unknown, path: string, depth: number): Json | undefined {
    if (value === null || value === undefined) return undefined;
    if (this.#isFull) return undefined;
    this.#valuesLeft -= 1;
    if (typeof value === 'string') return this.#copyText(value);
    if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
      return this.#spend(value, String(value).length);
    }
    if (!this.#isReadable(value)) return undefined;
    if (value instanceof Date) {
      const timeMs = Date.prototype.getTime.call(value);
      return Number.isNaN(timeMs) ? undefined : this.#copyText(new Date(timeMs).toISOString());
    }
    if (depth >= MAX_DEPTH) {
      this.#isCut = true;
      return undefined;
    }
    return Array.isArray(value) ? this.#copyList(value, path, depth) : this.#copyObject(value, path, depth);
  }

  #copyText(text: string): string | undefined {
    let shown = text;
    if (text.length > MAX_TEXT_LENGTH) {
      this.#isCut = true;
      // Not between the two halves of a character.
      const end = HIGH_SURROGATE.test(text.charAt(MAX_TEXT_LENGTH - 2)) ? MAX_TEXT_LENGTH - 2 : MAX_TEXT_LENGTH - 1;
      shown = `${text.slice(0, end)}…`;
    }
    return this.#spend(shown, JSON.stringify(shown).length);
  }

  #copyList(list: readonly unknown[], path: string, depth: number): Json {
    const copies: Json[] = [];
    this.#charactersLeft -= 3;
    if (list.length > MAX_LIST_LENGTH) this.#isCut = true;
    const wasOutOfReach = this.#isOutOfReach;
    this.#isOutOfReach = true;
    for (let at = 0; at < Math.min(list.length, MAX_LIST_LENGTH); at++) {
      const copy = this.#copy(dataOf(list, String(at)), path, depth + 1);
      if (copy !== undefined) copies.push(copy);
    }
    this.#isOutOfReach = wasOutOfReach;
    return copies;
  }

  #copyObject(value: object, path: string, depth: number): Json {
    const copy: Record<string, Json> = Object.create(null);
    this.#charactersLeft -= 3;
    for (const name of Object.keys(value)) {
      if (this.#isFull) break;
      const attribute = this.#copyAttribute(value, name, `${path}.${name}`, depth + 1);
      if (attribute !== undefined) copy[name] = attribute;
    }
    return copy;
  }

  /** Whoever asks leaves something out. */
  get #isFull(): boolean {
    if (this.#valuesLeft > 0 && this.#charactersLeft > 0) return false;
    this.#isCut = true;
    return true;
  }

  #isReadable(value: unknown): value is object {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
    return this.#options.isOpaque?.(value) !== true;
  }

  #spend<T extends Json>(value: T, length: number): T | undefined {
    this.#charactersLeft -= length + 1;
    if (this.#charactersLeft >= 0) return value;
    this.#isCut = true;
    return undefined;
  }
}

/** Line ends and the like have no place in a name, and some databases refuse them. */
const CONTROL = /\p{Cc}/u;
const HIGH_SURROGATE = /^[\ud800-\udbff]/;

/** An own property's value; undefined for those that would have to be computed. */
function dataOf(holder: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(holder, name)?.value;
}

/** Of an object, not it but its attributes are named. */
function isBranch(value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}

function typeOf(value: Json): AttributeType {
  if (!Array.isArray(value)) return typeof value as AttributeType;
  const types = new Set(value.map((element) => (Array.isArray(element) ? 'list' : typeof element)));
  const [type] = types;
  return types.size === 1 && type !== 'list' ? (`list of ${type}` as AttributeType) : 'list';
}
