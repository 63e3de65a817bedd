import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { Trans } from '@lingui/react/macro';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { speakEnglish } from './locale.ts';

test.each(['<b>bold</b>', '<0>a link</0>', '<0/>', '\\u0041', '<script>alert(1)</script>', 'plain', '{name}'])(
  'a value is shown as it is: %s',
  (name) => {
    speakEnglish();
    const html = renderToStaticMarkup(
      <I18nProvider i18n={i18n}>
        <Trans>
          Delete <em>{name}</em> of {name}?
        </Trans>
      </I18nProvider>,
    );
    const shown = name.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    expect(html).toBe(`Delete <em>${shown}</em> of ${shown}?`);
  },
);
