import { maxQuantity, quantityOf } from '../basket.ts';
import type { Product } from '../catalogue.ts';
import { type Html, html } from '../html.ts';
import { formatCents } from '../money.ts';
import { drawProduct } from '../pictures/product-picture.ts';
import { type PageFrame, renderPage } from './layout.ts';

export function renderProduct(frame: PageFrame, product: Product): Html {
  const inBasket = quantityOf(frame.basket, product);
  const body = html`
<p class="back"><a href="/">All products</a></p>
<article class="product">
<div class="swatch large">${drawProduct(product)}</div>
<div class="about">
<p class="kind">${product.kind}</p>
<h1>${product.name}</h1>
<p class="latin"><em lang="la">${product.latin}</em></p>
<p class="price">${formatCents(product.priceCents)}</p>
<p>${product.blurb}</p>
<dl class="measures">
<div><dt>Length</dt><dd>${product.lengthM} m</dd></div>
<div><dt>Flags</dt><dd>${product.flagCount}</dd></div>
<div><dt>Cloth</dt><dd>${product.cloth}</dd></div>
<div><dt>Cut</dt><dd>${product.cut}</dd></div>
</dl>
<form class="add" method="post" action="/basket">
<input type="hidden" name="product" value="${product.slug}">
<label class="field">Quantity<select name="quantity">${renderQuantities(inBasket || 1)}</select></label>
<button type="submit">${inBasket > 0 ? 'Change quantity' : 'Add to basket'}</button>
</form>
${inBasket > 0 && html`<p class="hint">${inBasket} in your <a href="/basket">basket</a>.</p>`}
</div>
</article>`;
  return renderPage(frame, { title: product.name, body });
}

/** Options from 1 to the most we ship. */
export function renderQuantities(selected: number): Html[] {
  return Array.from({ length: maxQuantity }, (_, index) => index + 1).map(
    (quantity) => html`<option${quantity === selected && html` selected`}>${quantity}</option>`,
  );
}
