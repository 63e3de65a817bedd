import { i18n, type MessageDescriptor } from '@lingui/core';

/** Words to show: said already, or of a table that was made before the language was known. */
export type Words = string | MessageDescriptor;

/** In the language of the page. */
export function say(words: Words): string {
  return typeof words === 'string' ? words : i18n._(words);
}
