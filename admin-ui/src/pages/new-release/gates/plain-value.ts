/** What a field of an answer may be compared with. */
export type PlainValue = string | number | boolean;

/** `true`, `12` and `"12"` as JSON has them; all else, and what JSON would write otherwise, such as `1.10`, is a text. */
export function readPlain(text: string): PlainValue {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'string') return value;
    if ((typeof value === 'number' || typeof value === 'boolean') && String(value) === text) return value;
  } catch {
    // No JSON: a text.
  }
  return text;
}

/** The inverse of `readPlain`: a text that would be read as something else stands in quotes. */
export function showPlain(value: PlainValue): string {
  return typeof value === 'string' && readPlain(value) === value ? value : JSON.stringify(value);
}
