import { CommandError } from './exit-code.ts';

/** In 1/100 000, of a number of percent such as `0.5`. @throws {CommandError} */
export function readShare(text: string, option: string): number {
  const percent = Number(text.trim());
  if (text.trim() !== '' && percent >= 0 && percent <= 100) return Math.round(percent * 1_000);
  throw new CommandError(`${option}: "${text}" is no percentage; write a number from 0 to 100.`);
}
