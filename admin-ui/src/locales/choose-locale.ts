/** Languages that are written from right to left. */
const rightToLeft = new Set(['ar', 'ckb', 'dv', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi']);

/**
 * The first of the languages that someone reads that the pages can speak, and where its lines begin; else English.
 *
 * @param languages as a browser tells them, the dearest first: `de-CH`
 * @param spoken besides English: `de`, `pt-BR`
 */
export function chooseLocale(languages: readonly string[], spoken: readonly string[]) {
  const all = ['en', ...spoken];
  const locale =
    languages
      .map(
        (wanted) => all.find((each) => each === wanted) ?? all.find((each) => languageOf(each) === languageOf(wanted)),
      )
      .find((found) => found !== undefined) ?? 'en';
  return { locale, direction: rightToLeft.has(languageOf(locale)) ? 'rtl' : 'ltr' } as const;
}

function languageOf(tag: string): string {
  return tag.split('-')[0] ?? tag;
}
