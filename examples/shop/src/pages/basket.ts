import { type BasketLine, freeShippingFromCents, type Totals, totalsOf } from '../basket.ts';
import { type Html, html } from '../html.ts';
import { formatCents } from '../money.ts';
import { drawProduct } from '../pictures/product-picture.ts';
import { type PageFrame, renderPage } from './layout.ts';
import { renderQuantities } from './product.ts';

export function renderBasket(frame: PageFrame): Html {
  const { basket, decisions } = frame;
  const totals = totalsOf(basket, decisions.freeShippingBanner);
  const missingCents = freeShippingFromCents - totals.goodsCents;
  const body =
    basket.length === 0
      ? html`<h1>Your basket</h1><p class="nothing">Nothing in it yet. <a href="/">Look through the cloth</a>.</p>`
      : html`<h1>Your basket</h1>
<div class="columns">
<ul class="lines">${basket.map(renderLine)}</ul>
<aside class="card">
${renderTotals(totals)}
${decisions.freeShippingBanner && missingCents > 0 && html`<p class="hint">${formatCents(missingCents)} more and shipping is free.</p>`}
<a class="button" href="/checkout">Go to checkout</a>
</aside>
</div>`;
  return renderPage(frame, { title: 'Basket', body });
}

function renderLine({ product, quantity }: BasketLine): Html {
  return html`<li class="line">
<a class="thumb" href="/products/${product.slug}" tabindex="-1" aria-hidden="true">${drawProduct(product)}</a>
<div class="what"><a class="line-name" href="/products/${product.slug}">${product.name}</a><span>${formatCents(product.priceCents)} each</span></div>
<b class="sum">${formatCents(product.priceCents * quantity)}</b>
<form method="post" action="/basket">
<input type="hidden" name="product" value="${product.slug}">
<label class="field"><span class="unseen">Quantity of ${product.name}</span><select name="quantity">${renderQuantities(quantity)}</select></label>
<button class="quiet" type="submit">Update</button>
</form>
<form method="post" action="/basket">
<input type="hidden" name="product" value="${product.slug}"><input type="hidden" name="quantity" value="0">
<button class="quiet" type="submit" aria-label="Remove ${product.name}">Remove</button>
</form>
</li>`;
}

export function renderTotals(totals: Totals): Html {
  return html`<dl class="totals">
<div><dt>Goods</dt><dd>${formatCents(totals.goodsCents)}</dd></div>
<div><dt>Shipping</dt><dd>${totals.shippingCents === 0 ? 'free' : formatCents(totals.shippingCents)}</dd></div>
<div class="total"><dt>Total</dt><dd>${formatCents(totals.totalCents)}</dd></div>
</dl>`;
}
