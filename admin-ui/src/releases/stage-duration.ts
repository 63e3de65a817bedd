const units = [
  { seconds: 86_400, name: 'd' },
  { seconds: 3_600, name: 'h' },
  { seconds: 60, name: 'min' },
  { seconds: 1, name: 's' },
] as const;

/** A planned stretch of time, exactly: `0 s`, `10 min`, `1 h 30 min`, `7 d`. */
export function formatSeconds(seconds: number): string {
  let left = seconds;
  const parts: string[] = [];
  for (const unit of units) {
    const count = Math.floor(left / unit.seconds);
    if (count > 0) parts.push(`${count} ${unit.name}`);
    left -= count * unit.seconds;
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}
