import { expect, test } from 'vitest';
import { chooseLocale } from './choose-locale.ts';

test.each([
  [['fr', 'en'], [], 'en', 'ltr'],
  [['de-CH', 'en'], ['de'], 'de', 'ltr'],
  [['en-US', 'de'], ['de'], 'en', 'ltr'],
  [['pt-PT'], ['pt-BR', 'pt-PT'], 'pt-PT', 'ltr'],
  [['fr-FR', 'ar-EG'], ['ar', 'de'], 'ar', 'rtl'],
  [[], ['he'], 'en', 'ltr'],
])('who reads %j, of English and %j, gets %s, written %s', (languages, spoken, locale, direction) => {
  expect(chooseLocale(languages, spoken)).toEqual({ locale, direction });
});
