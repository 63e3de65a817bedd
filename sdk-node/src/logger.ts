/**
 * Where the client writes what an operator should know. Every method is optional, so `console`, a pino logger and
 * `{}` (silence) all fit.
 */
export interface Logger {
  debug?(message: string): void;
  info?(message: string): void;
  warn?(message: string): void;
  error?(message: string): void;
}

export type LogLevel = keyof Logger;

/** Warnings and errors on stderr, nothing else. */
export const stderrLogger: Logger = {
  warn: (message) => void process.stderr.write(`bunting: ${message}\n`),
  error: (message) => void process.stderr.write(`bunting: ${message}\n`),
};

/** Writes to the host's logger and survives whatever it does. */
export function log(logger: Logger, level: LogLevel, message: string): void {
  try {
    logger[level]?.(message);
  } catch {
    // A logger that throws has nowhere to be reported to.
  }
}
