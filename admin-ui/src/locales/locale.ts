import { i18n, type Messages } from '@lingui/core';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { chooseLocale } from './choose-locale.ts';

/** Further languages: a folder each, with a translation of `en/messages.po`. English is in the code. */
const catalogues = import.meta.glob<{ messages: Messages }>(['./*/messages.po', '!./en/messages.po']);

const compiled = new Map<string, ReturnType<typeof compileMessage>>();

// The English comes as text: a message is read when it is first said.
i18n.setMessagesCompiler((message) => {
  const tokens = compiled.get(message) ?? compileMessage(message);
  compiled.set(message, tokens);
  return tokens;
});

/** English until another language is loaded: by British manners, as 21 November 2026. */
export function speakEnglish(): void {
  i18n.loadAndActivate({ locale: 'en', locales: 'en-GB', messages: {} });
}

/** Loads the first of the languages that someone reads, before anything is drawn; and says where its lines begin. */
export async function speakTo(languages: readonly string[]): Promise<'ltr' | 'rtl'> {
  const load = new Map(Object.entries(catalogues).map(([path, read]) => [path.split('/')[1] ?? '', read]));
  const { locale, direction } = chooseLocale(languages, [...load.keys()]);
  const read = load.get(locale);
  if (read === undefined) speakEnglish();
  else i18n.loadAndActivate({ locale, messages: (await read()).messages });
  document.documentElement.lang = locale;
  document.documentElement.dir = direction;
  return direction;
}

/** By whose manners `Intl` writes numbers, dates and lists. */
export function manners(): string | string[] {
  return i18n.locales ?? i18n.locale;
}
