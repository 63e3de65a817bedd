import { expect, test } from 'vitest';
import { mendLanguage } from './mend-language.ts';

test.each([
  ['en-US@posix', 'en'],
  ['', 'en'],
  ['de-CH', 'de-CH'],
])('a browser that says it speaks %j is taken at %j', (said, language) => {
  const browser = { language: said } as Navigator;
  mendLanguage(browser);
  expect(browser.language).toBe(language);
});
