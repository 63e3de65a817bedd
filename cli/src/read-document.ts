import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { CommandError } from './exit-code.ts';

/** The text of a file, or of standard input (`-`). @param what for people, such as `The release` @throws {CommandError} */
export function readText(file: string, what: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new CommandError(`${what} could not be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** The object in a file of YAML or JSON, which is YAML too. @throws {CommandError} that says where it is wrong */
export function readDocument(file: string, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parse(readText(file, what));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${file} is neither YAML nor JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new CommandError(`${file} must hold an object, such as {"environment": "production", "flags": [...]}.`);
}
