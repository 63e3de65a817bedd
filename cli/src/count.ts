import { CommandError } from './exit-code.ts';

/** A whole number from 1 on. @throws {CommandError} */
export function readCount(text: string, option: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new CommandError(`${option}: "${text}" is no count; write a whole number from 1 on.`);
}
