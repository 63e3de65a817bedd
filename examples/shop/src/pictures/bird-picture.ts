import type { Product } from '../catalogue.ts';
import { type Html, html } from '../html.ts';

/**
 * A bunting, looking right, its feet at `x, y`: head and back, belly, wing. The head is deliberately round and the
 * beak short and thick, as buntings have it.
 */
export function drawBird(x: number, y: number, [head, belly, wing]: Product['plumage']): Html {
  return html`<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)})">
<path class="leg" d="M-3 0v-7M4 0v-7"/>
<path d="M-15-12 -39 3 -33-9 -18-22z" fill="${wing}"/>
<path d="M-22-18C-21-32-6-38 6-37L18-34C21-20 14-6 0-5-11-5-20-9-22-18z" fill="${belly}"/>
<path d="M-21-21C-18-33-5-37 4-36-2-24-9-14-30-6z" fill="${wing}"/>
<circle cx="10" cy="-36" r="11.5" fill="${head}"/>
<path d="M19.5-40 30-34.5 19-31.5z" fill="#6b5a45"/>
<circle cx="13.5" cy="-38.5" r="1.9" fill="#fff"/><circle cx="13.8" cy="-38.4" r="1.2" fill="#111"/>
</g>`;
}
