import fc from 'fast-check';

/** What stands where a name should, encoded or wrongly so. */
export const strangePathText = fc.oneof(
  fc.constantFrom(
    '%00',
    '%2e%2e',
    '..',
    '.',
    '%2F',
    '..%2f..%2fetc%2fpasswd',
    '%',
    '%zz',
    '%ff%fe',
    '%ed%a0%80',
    '__proto__',
    'constructor',
    'hasOwnProperty',
    '*',
    ':project',
    '-1',
    '0',
    '9007199254740993',
    '1e3',
    'NaN',
    'null',
    'undefined',
    '%E2%80%AE',
    'e%CC%81',
    '',
    ' ',
    "'%20OR%201=1--",
    'x'.repeat(199),
    'x'.repeat(3_000),
    '00000000-0000-0000-0000-000000000000',
  ),
  fc.string({ maxLength: 20 }).map(encodeText),
);

/** What is done to a whole path. */
export const pathTricks: readonly ((path: string) => string)[] = [
  (path) => `${path}/`,
  (path) => `/${path}`,
  (path) => `${path}/..`,
  (path) => path.replaceAll('/', '//'),
  (path) => path.replace(/\/(\w)/, '/%2e%2e/$1'),
  (path) => path.toUpperCase(),
  (path) => `${path};x=1`,
  (path) => `${path}%00`,
  (path) => path.replace('/', '\\'),
  (path) => `${path}.json`,
  (path) => `${path}#x`,
  (path) => `http://evil.example${path}`,
  (path) => path.replace(/^\/[^/]+/, '/internal'),
  (path) => `${path}?${'x=1&'.repeat(2_000)}`,
];

/** As `encodeURIComponent`, which throws at half a surrogate. */
export function encodeText(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}
