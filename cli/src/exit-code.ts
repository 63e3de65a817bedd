/** How a command ended, for pipelines. */
export const EXIT = {
  ok: 0,
  /** What was watched did not come to a good end: aborted, rolled back, failed. */
  failed: 1,
  /** The command line, the environment or a file is not right, or the server refused. */
  usage: 2,
  /** Not decided within `--timeout`. */
  timeout: 3,
  /** The server could not be reached for longer than `--patience`. */
  unreachable: 4,
  /** Ended by the keyboard or by the system. What was begun goes on. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the command with a message for people and a code for programs. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = EXIT.usage) {
    super(message);
    this.exitCode = exitCode;
  }
}
