import { type Html, html } from '../html.ts';

const flagWidth = 34;
const gap = 6;
const flagCount = 64;

/** The string of pennants that hangs over every page. The style sheet dyes it in the theme's three colours. */
export function drawGarland(): Html {
  const step = flagWidth + gap;
  const pennants = Array.from({ length: flagCount }, (_, index) => {
    const x = index * step;
    return html`<path class="dye-${(index % 3) + 1}" d="M${x} 3h${flagWidth}l-${flagWidth / 2} 27z"/>`;
  });
  const length = flagCount * step;
  return html`<svg class="garland" viewBox="0 0 ${length} 32" preserveAspectRatio="xMinYMin slice" aria-hidden="true"><path class="cord" d="M0 3H${length}"/>${pennants}</svg>`;
}
