import type { Cut, Pattern } from '../catalogue.ts';
import { type Html, html } from '../html.ts';
import { clipToBand, formatPoints, type Point, type Polygon } from './polygon.ts';

export interface FlagLook {
  readonly cut: Cut;
  readonly pattern: Pattern;
  readonly cloth: string;
  readonly trim: string;
  /** Both in the picture's units. */
  readonly width: number;
  readonly height: number;
}

/** One flag, hanging from the middle of its top edge at 0,0. */
export function drawFlag(look: FlagLook): Html {
  const outline = cutCloth(look.cut, look.width, look.height);
  return html`<polygon points="${formatPoints(outline)}" fill="${look.cloth}"/>${drawPattern(look, outline)}${drawFold(look, outline)}`;
}

function cutCloth(cut: Cut, width: number, height: number): Polygon {
  const x = width / 2;
  switch (cut) {
    case 'triangle':
    case 'pennant':
      return [
        [-x, 0],
        [x, 0],
        [0, height],
      ];
    case 'swallowtail':
      return [
        [-x, 0],
        [x, 0],
        [x * 0.92, height],
        [0, height * 0.68],
        [-x * 0.92, height],
      ];
    case 'square':
      return [
        [-x, 0],
        [x, 0],
        [x * 0.96, height],
        [-x * 0.96, height],
      ];
    case 'gonfalon':
      return [
        [-x, 0],
        [x, 0],
        [x, height * 0.86],
        [x / 2, height],
        [0, height * 0.86],
        [-x / 2, height],
        [-x, height * 0.86],
      ];
    case 'scallop':
      return [[-x, 0], ...arc(x, height)];
  }
}

/** The lower half of an ellipse, from right to left. */
function arc(x: number, height: number): Point[] {
  const steps = 14;
  return Array.from({ length: steps }, (_, index): Point => {
    const angle = (Math.PI * index) / (steps - 1);
    return [x * Math.cos(angle), height * Math.sin(angle)];
  });
}

function drawPattern({ pattern, trim, width, height }: FlagLook, outline: Polygon): Html | false {
  switch (pattern) {
    case 'plain':
      return false;
    case 'stripes':
      return html`${[0.18, 0.46, 0.74].map((from) => drawBand(outline, from * height, (from + 0.14) * height, trim))}`;
    case 'hem':
      return drawBand(outline, 0, height * 0.2, trim);
    case 'dots':
      return html`${dotsIn(width, height).map(
        ([x, y]) =>
          html`<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${(width * 0.065).toFixed(1)}" fill="${trim}"/>`,
      )}`;
  }
}

/** Three rows that get shorter, so that they stay within every cut. */
function dotsIn(width: number, height: number): Point[] {
  return [
    [-0.24, 0.16],
    [0, 0.16],
    [0.24, 0.16],
    [-0.13, 0.38],
    [0.13, 0.38],
    [0, 0.6],
  ].map(([x = 0, y = 0]): Point => [x * width, y * height]);
}

function drawBand(outline: Polygon, fromY: number, toY: number, fill: string): Html {
  return html`<polygon points="${formatPoints(clipToBand(outline, fromY, toY))}" fill="${fill}"/>`;
}

/** The right half lies in shadow: cloth is not flat. */
function drawFold({ height }: FlagLook, outline: Polygon): Html {
  const right = outline.map(([x, y]): Point => [Math.max(x, 0), y]);
  return html`<polygon points="${formatPoints([...right, [0, height * 0.6]])}" fill="#000" opacity=".1"/>`;
}
