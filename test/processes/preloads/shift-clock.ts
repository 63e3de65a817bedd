import { readFileSync } from 'node:fs';

/**
 * Shifts this process's wall clock by as many milliseconds as stand in the file CLOCK_OFFSET_FILE, from within a few
 * milliseconds of their being written. What measures spans (`performance.now`, timers) goes on as it was, as when an
 * administrator or NTP sets a machine's clock.
 */
const file = process.env.CLOCK_OFFSET_FILE ?? '';
const RealDate = Date;
let offsetMs = 0;

function read(): void {
  offsetMs = Number(readFileSync(file, 'utf8'));
}

class ShiftedDate extends RealDate {
  constructor(...parts: unknown[]) {
    if (parts.length === 0) super(ShiftedDate.now());
    else super(...(parts as [number]));
  }

  static override now(): number {
    return RealDate.now() + offsetMs;
  }
}

read();
setInterval(read, 20).unref();
globalThis.Date = ShiftedDate as DateConstructor;
