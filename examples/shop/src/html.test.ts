import { expect, test } from 'vitest';
import { html } from './html.ts';

test('text is escaped for elements and for quoted attributes', () => {
  const hostile = `"><script>alert('1 & 2')</script>`;
  expect(html`<a title="${hostile}">${hostile}</a>`.text).toBe(
    '<a title="&quot;&gt;&lt;script&gt;alert(&#39;1 &amp; 2&#39;)&lt;/script&gt;">&quot;&gt;&lt;script&gt;alert(&#39;1 &amp; 2&#39;)&lt;/script&gt;</a>',
  );
});

test('nested templates are not escaped twice, and lists are joined', () => {
  const items = ['a<b', 'c'].map((item) => html`<li>${item}</li>`);
  expect(html`<ul>${items}</ul>`.text).toBe('<ul><li>a&lt;b</li><li>c</li></ul>');
});

test('false, null and undefined leave nothing; 0 is a number', () => {
  expect(html`[${false}${null}${undefined}${0}]`.text).toBe('[0]');
});
