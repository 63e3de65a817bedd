import { type Product, type Sorting, sortings } from '../catalogue.ts';
import { type Html, html } from '../html.ts';
import { formatCents } from '../money.ts';
import { drawHero } from '../pictures/hero.ts';
import { drawProduct } from '../pictures/product-picture.ts';
import { type PageFrame, renderPage } from './layout.ts';

export interface ProductListView {
  readonly query: string;
  readonly sorting: Sorting;
  readonly found: readonly Product[];
}

export function renderProductList(frame: PageFrame, { query, sorting, found }: ProductListView): Html {
  const options = Object.entries(sortings).map(
    ([value, label]) => html`<option value="${value}"${value === sorting && html` selected`}>${label}</option>`,
  );
  const body = html`
<section class="hero">
<div>
<h1>${frame.decisions.headline.text}</h1>
<p>Twelve strings, pennants and banners, each dyed in the plumage of the bird it is named after.</p>
</div>
${drawHero()}
</section>
<form class="filters" method="get" action="/" role="search">
<label class="field grow">Search<input type="search" name="q" value="${query}" maxlength="80" placeholder="linen, stripes, yellow"></label>
<label class="field">Sort by<select name="sort">${options}</select></label>
<button type="submit">Show</button>
</form>
<p class="found" role="status">${found.length} ${found.length === 1 ? 'product' : 'products'}${query !== '' && html` for “${query}” · <a href="/">show all</a>`}</p>
${found.length === 0 ? renderNothing() : html`<ul class="swatches">${found.map(renderSwatch)}</ul>`}`;
  return renderPage(frame, { title: 'Bunting, pennants and banners', body });
}

function renderSwatch(product: Product): Html {
  return html`<li class="swatch"><a class="swatch-link" href="/products/${product.slug}">
${drawProduct(product)}
<span class="label"><strong>${product.name}</strong><em lang="la">${product.latin}</em>
<span class="facts"><span>${product.lengthM} m, ${product.cloth}</span><b>${formatCents(product.priceCents)}</b></span></span>
</a></li>`;
}

function renderNothing(): Html {
  return html`<p class="nothing">No cloth like that in the loft. Try a fibre (linen, cotton, hemp), a colour or a bird.</p>`;
}
