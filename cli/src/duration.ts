import { CommandError } from './exit-code.ts';

const SECONDS_OF = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** Seconds of `90s`, `10m`, `2h`, `7d`, or of a number of seconds. @throws {CommandError} */
export function readDuration(text: string, option: string): number {
  const [, amount = '', unit = 's'] = /^(\d{1,6})([smhd])?$/.exec(text) ?? [];
  if (amount !== '') return Number(amount) * SECONDS_OF[unit as keyof typeof SECONDS_OF];
  throw new CommandError(`${option}: "${text}" is no duration; write 90s, 10m, 2h or 7d.`);
}
