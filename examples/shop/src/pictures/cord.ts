import { type Html, html } from '../html.ts';

/** A cord with its ends on the picture's sides. It hangs as a parabola, which a chain of equal weights nearly is. */
export interface Cord {
  readonly width: number;
  /** Height of its ends, from the top. */
  readonly endsY: number;
  /** How much lower its middle hangs. */
  readonly sag: number;
}

export function cordY({ width, endsY, sag }: Cord, x: number): number {
  return endsY + sag * (1 - ((2 * x) / width - 1) ** 2);
}

/** The cord itself: the curve's control point is as far below its middle as the ends are above. */
export function drawCord(cord: Cord): Html {
  const { width, endsY, sag } = cord;
  return html`<path class="cord" d="M0 ${endsY}Q${width / 2} ${endsY + 2 * sag} ${width} ${endsY}"/>`;
}

/** Hangs a drawing on the cord at `x`, turned as the cord is there. */
export function hangOn(cord: Cord, x: number, drawing: Html): Html {
  const slope = (-4 * cord.sag * ((2 * x) / cord.width - 1)) / cord.width;
  const degrees = (Math.atan(slope) * 180) / Math.PI;
  return html`<g transform="translate(${x.toFixed(1)} ${cordY(cord, x).toFixed(1)}) rotate(${degrees.toFixed(1)})">${drawing}</g>`;
}
