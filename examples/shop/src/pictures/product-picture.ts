import type { Cut, Product } from '../catalogue.ts';
import { type Html, html } from '../html.ts';
import { drawBird } from './bird-picture.ts';
import { cordY, drawCord, hangOn } from './cord.ts';
import { drawFlag } from './flag-picture.ts';

const width = 320;
const height = 220;
const cord = { width, endsY: 58, sag: 30 };

/** Size of a flag of a string, by its cut, and how many of them the picture shows. */
const sizes: Readonly<Record<Exclude<Cut, 'gonfalon'>, { width: number; height: number; count: number }>> = {
  triangle: { width: 44, height: 80, count: 6 },
  swallowtail: { width: 42, height: 82, count: 6 },
  square: { width: 44, height: 62, count: 6 },
  scallop: { width: 48, height: 56, count: 6 },
  pennant: { width: 34, height: 124, count: 6 },
};

/** A product as SVG, drawn from its catalogue entry alone: the same entry gives the same picture. */
export function drawProduct(product: Product): Html {
  const scene = product.cut === 'gonfalon' ? drawBanner(product) : drawString(product, sizes[product.cut]);
  return html`<svg class="picture" viewBox="0 0 ${width} ${height}" role="img" aria-label="${describe(product)}">
<rect class="sky" width="${width}" height="${height}"/>${scene}</svg>`;
}

function describe({ name, kind, cut, cloth }: Product): string {
  return `${name}: ${kind.toLowerCase()}, ${cut} cut, ${cloth}, with the bird it is named after`;
}

function drawString(product: Product, size: { width: number; height: number; count: number }): Html {
  const span = width / size.count;
  const flags = Array.from({ length: size.count }, (_, index) => {
    const [cloth, trim] = dyesAt(product, index);
    const { cut, pattern } = product;
    const flag = drawFlag({ cut, pattern, cloth, trim, width: size.width, height: size.height });
    return hangOn(cord, span * (index + 0.5), flag);
  });
  const birdX = span * 4;
  return html`${drawCord(cord)}${flags}${drawBird(birdX, cordY(cord, birdX), product.plumage)}`;
}

/** One tall banner on its pole, the bird on top. */
function drawBanner(product: Product): Html {
  const [cloth, trim] = product.dyes;
  const banner = drawFlag({ cut: 'gonfalon', pattern: product.pattern, cloth, trim, width: 96, height: 138 });
  return html`<path d="M84 62H236" stroke="#7a5f43" stroke-width="6" stroke-linecap="round"/>
<circle cx="84" cy="62" r="6" fill="#b98b5e"/><circle cx="236" cy="62" r="6" fill="#b98b5e"/>
<g transform="translate(160 64)">${banner}</g>${drawBird(206, 60, product.plumage)}`;
}

/** Main cloth and trim of the n-th flag. Plain strings go through their dyes; patterned ones alternate two of them. */
function dyesAt({ pattern, dyes }: Product, index: number): readonly [cloth: string, trim: string] {
  const [first, second, third] = dyes;
  if (pattern === 'plain') return [dyes[index % 3] ?? first, second];
  return index % 2 === 0 ? [first, second] : [third, first];
}
