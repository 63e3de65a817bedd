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
  // A logger that fails has nowhere to be reported to. What an async one rejects with would end the host's process.
  const ignore = () => {};
  try {
    const result: unknown = logger[level]?.(message);
    if (result instanceof Promise) result.catch(ignore);
  } catch {
    ignore();
  }
}
