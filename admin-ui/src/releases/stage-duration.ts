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

const number = '(\\d+(?:[.,]\\d+)?)';
const written = new RegExp(
  `^(?:${number}\\s*d(?:ays?)?)?\\s*(?:${number}\\s*h(?:ours?)?)?\\s*(?:${number}\\s*m(?:in(?:utes?)?)?)?\\s*(?:${number}\\s*s(?:ec(?:onds?)?)?)?$`,
  'i',
);

/** Reads such a stretch as people type it: `90 s`, `1h 30m`, `2 d`. A number alone is minutes. Undefined: it is none. */
export function readSeconds(text: string): number | undefined {
  const typed = text.trim();
  if (/^\d+(?:[.,]\d+)?$/.test(typed)) return Math.round(toNumber(typed) * 60);
  const parts = written.exec(typed);
  if (typed === '' || !parts) return undefined;
  const seconds = units.reduce((sum, unit, at) => sum + toNumber(parts[at + 1] ?? '0') * unit.seconds, 0);
  return Math.round(seconds);
}

function toNumber(text: string): number {
  return Number(text.replace(',', '.'));
}
