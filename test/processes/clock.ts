/** Milliseconds of the machine's monotonic clock: the same in every process on it, so times can be compared. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
