/** Text that is safe to send as HTML: made only by `html`, which escapes all that is put into it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template. `false`, `null` and `undefined` leave nothing, so that `${condition && html`...`}` reads well. */
export type Content = Html | string | number | boolean | null | undefined | readonly Content[];

/**
 * Builds HTML (and SVG). Everything but `Html` itself is escaped for text and for quoted attributes; attribute values
 * must therefore stand in quotes.
 */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  let text = strings[0] ?? '';
  for (const [index, content] of contents.entries()) text += render(content) + (strings[index + 1] ?? '');
  return new Html(text);
}

function render(content: Content): string {
  if (content instanceof Html) return content.text;
  if (typeof content === 'string') return escapeText(content);
  if (typeof content === 'number') return String(content);
  if (Array.isArray(content)) return content.map(render).join('');
  return content === true ? 'true' : '';
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
