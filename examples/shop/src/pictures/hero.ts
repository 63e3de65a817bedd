import { type Html, html } from '../html.ts';
import { drawBird } from './bird-picture.ts';
import { cordY, drawCord, hangOn } from './cord.ts';
import { drawFlag } from './flag-picture.ts';

const cord = { width: 640, endsY: 70, sag: 70 };
const dyes = ['var(--dye-1)', 'var(--dye-2)', 'var(--dye-3)'] as const;
/** The string begins on the page and leaves it at the window's right edge. */
const firstX = 64;
const spacing = 78;
const count = 8;

/** A bird on a string of forked flags, in the dyes of the theme. */
export function drawHero(): Html {
  const flags = Array.from({ length: count }, (_, index) => {
    const cloth = dyes[index % 3] ?? dyes[0];
    const trim = dyes[(index + 1) % 3] ?? dyes[1];
    const flag = drawFlag({ cut: 'swallowtail', pattern: 'hem', cloth, trim, width: 62, height: 118 });
    return hangOn(cord, firstX + spacing * index, flag);
  });
  const birdX = firstX + spacing * 4.5;
  const bird = drawBird(0, 0, [dyes[0], dyes[2], dyes[1]]);
  return html`<svg viewBox="0 0 ${cord.width} 270" aria-hidden="true">${drawCord(cord)}<circle class="knot" cx="5" cy="${cord.endsY + 2}" r="5"/>${flags}<g transform="translate(${birdX} ${cordY(cord, birdX).toFixed(1)}) scale(1.9)">${bird}</g></svg>`;
}
