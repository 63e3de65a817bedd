/** Where a command writes: results to stdout, everything else to stderr, so that results can be piped. */
export interface Output {
  result(line: string): void;
  note(line: string): void;
}

export const standardOutput: Output = {
  result: (line) => void process.stdout.write(`${line}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
};

/** `14:03:59` of an ISO time, in the time zone of the process. */
export function clockOf(iso: string): string {
  return new Date(iso).toLocaleTimeString('en-GB');
}
