import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';
import type { Settings } from './settings.ts';

/** What every command has. */
export interface Shell {
  readonly output: Output;
  /** Where the server is and who calls. @throws {CommandError} that says what is missing */
  settings(): Settings;
  isJson(): boolean;
  /** Says an answer: as JSON where that is asked for, else in words. */
  tell(answer: unknown, say: () => void): void;
  /** Hears how a command ended; not called where it is 0. */
  ended(code: ExitCode): void;
}
