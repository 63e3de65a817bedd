import { ScimError } from './scim-error.ts';

/** One operation of a PATCH as it came: directories differ in how they write the same. */
export interface RawOperation {
  readonly op: string;
  readonly path?: string;
  readonly value?: unknown;
}

/** One change of one attribute. */
export interface AttributeChange {
  readonly op: 'add' | 'replace' | 'remove';
  /** In lower case, without a schema's URN: `active`, `name.formatted`, `members`. */
  readonly attribute: string;
  /** The `id` in `members[value eq "id"]`. */
  readonly selected?: string;
  readonly value: unknown;
}

const PATH = /^(?:urn:[\w:.]+:)?([A-Za-z][\w.$]*)(?:\[\s*value\s+eq\s+"([^"]*)"\s*\])?$/i;
/** What is selected otherwise, such as `emails[type eq "work"].value`, is of attributes that are not kept. */
const OTHER_SELECTION = /^(?:urn:[\w:.]+:)?([A-Za-z][\w.]*)\[[^\]]*\](?:\.\w+)?$/i;

/**
 * Takes operations apart into changes of attributes. Okta sends an object without a path, Entra ID capital letters, a path
 * for each, and dotted names in objects.
 * @throws {ScimError} `invalidSyntax`, `invalidPath`
 */
export function readOperations(operations: readonly RawOperation[]): AttributeChange[] {
  return operations.flatMap(({ op: written, path, value }) => {
    const op = written.toLowerCase();
    if (op !== 'add' && op !== 'replace' && op !== 'remove') {
      throw new ScimError('invalidSyntax', `There is no operation "${written}": use add, replace or remove.`);
    }
    if (path !== undefined) return [{ op, value, ...readPath(path) }];
    if (op === 'remove') throw new ScimError('invalidPath', 'An operation "remove" needs a path.');
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ScimError('invalidSyntax', 'An operation without a path needs an object of attributes as its value.');
    }
    return Object.entries(value).flatMap(([name, part]) =>
      // Extensions and the list of schemas say nothing that is kept.
      /^(?:urn:[\w:.]+|schemas)$/i.test(name) && !PATH.test(name) ? [] : [{ op, value: part, ...readPath(name) }],
    );
  });
}

/** @throws {ScimError} `invalidValue` unless it is a boolean, or one as Entra ID writes it: "True" */
export function readBoolean(value: unknown, attribute: string): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  throw new ScimError('invalidValue', `${attribute} must be true or false.`);
}

/** @throws {ScimError} `invalidValue` unless it is a text of 1 to 200 characters */
export function readText(value: unknown, attribute: string): string {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= 200) return value.trim();
  throw new ScimError('invalidValue', `${attribute} must be a text of 1 to 200 characters.`);
}

function readPath(path: string): { attribute: string; selected?: string } {
  const [, name, selected] = PATH.exec(path) ?? OTHER_SELECTION.exec(path) ?? [];
  if (name === undefined) throw new ScimError('invalidPath', `The path "${path}" is not understood.`);
  return { attribute: name.toLowerCase(), ...(selected === undefined ? {} : { selected }) };
}
