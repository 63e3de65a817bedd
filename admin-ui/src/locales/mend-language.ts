/**
 * A Chromium that was started without a language (`LANG=C`) says `en-US@posix`, which `Intl` throws at; uPlot gives it what the
 * browser says as soon as it is loaded. Such a browser says English from here on.
 */
export function mendLanguage(browser: Navigator): void {
  try {
    Intl.getCanonicalLocales(browser.language);
  } catch {
    Object.defineProperty(browser, 'language', { value: 'en', configurable: true });
  }
}
