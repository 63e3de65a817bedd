import { type Basket, countItems, freeShippingFromCents } from '../basket.ts';
import type { Decisions } from '../flags.ts';
import { type Content, type Html, html } from '../html.ts';
import { formatCents } from '../money.ts';
import { drawGarland } from '../pictures/garland.ts';
import type { Visitor } from '../visitor.ts';

/** What every page needs to know about the request it answers. */
export interface PageFrame {
  readonly visitor: Visitor;
  readonly basket: Basket;
  readonly decisions: Decisions;
  /** Of the shop that answers. */
  readonly version: string;
}

interface Page {
  readonly title: string;
  readonly body: Content;
  /** Its script, by file name in `public/`. */
  readonly script?: string;
}

/** The whole document around a page's body. The theme that a flag decided dyes it. */
export function renderPage({ visitor, basket, decisions, version }: PageFrame, page: Page): Html {
  return html`<!doctype html>
<html lang="en" data-theme="${decisions.headline.theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · Flag Loft</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/shop.css">
${page.script !== undefined && html`<script src="/assets/${page.script}" defer></script>`}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${drawGarland()}
<header class="top">
<a class="brand" href="/">Flag Loft</a>
<nav aria-label="Shop">
<a href="/visitors">Visitors</a>
<a href="/basket">Basket<span class="count" aria-label="${countItems(basket)} items">${countItems(basket)}</span></a>
</nav>
</header>
${decisions.freeShippingBanner && renderBanner()}
<main id="main">${page.body}</main>
<footer>
<p>A demonstration shop: nothing is sold or shipped. You are visitor <code>${visitor.id}</code>; <a href="/visitors">see what the flags say to you</a>. This is version ${version} of the shop.</p>
</footer>
</body>
</html>`;
}

function renderBanner(): Html {
  return html`<p class="banner" role="status">Free shipping on orders from ${formatCents(freeShippingFromCents)}</p>`;
}
