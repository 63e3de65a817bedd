import { findProduct, type Product } from './catalogue.ts';

export interface BasketLine {
  readonly product: Product;
  /** 1..9 */
  readonly quantity: number;
}
export type Basket = readonly BasketLine[];

export const maxQuantity = 9;
export const basketCookie = 'basket';

const shippingCents = 490;
/** With free shipping on, orders from here up are shipped free. */
export const freeShippingFromCents = 4000;

/** Reads the basket cookie, `slug:quantity` joined by dots. What it does not understand it leaves out. */
export function parseBasket(cookie: string | undefined): Basket {
  const lines = new Map<string, BasketLine>();
  for (const part of (cookie ?? '').split('.')) {
    const [slug = '', digits = ''] = part.split(':');
    const product = findProduct(slug);
    const quantity = /^[1-9]$/.test(digits) ? Number(digits) : 0;
    if (product && quantity > 0) lines.set(slug, { product, quantity });
  }
  return [...lines.values()];
}

export function formatBasket(basket: Basket): string {
  return basket.map((line) => `${line.product.slug}:${line.quantity}`).join('.');
}

/** The basket with `quantity` of a product, 0 for none. More than the most we ship becomes the most. */
export function setQuantity(basket: Basket, product: Product, quantity: number): Basket {
  const line = { product, quantity: Math.min(quantity, maxQuantity) };
  const known = basket.some((other) => other.product === product);
  const lines = known ? basket.map((other) => (other.product === product ? line : other)) : [...basket, line];
  return lines.filter((other) => other.quantity > 0);
}

export function quantityOf(basket: Basket, product: Product): number {
  return basket.find((line) => line.product === product)?.quantity ?? 0;
}

export function countItems(basket: Basket): number {
  return basket.reduce((sum, line) => sum + line.quantity, 0);
}

export interface Totals {
  readonly goodsCents: number;
  readonly shippingCents: number;
  readonly totalCents: number;
}

/** What the basket costs. `freeShipping` is the promise of the banner: shown and kept by the same flag. */
export function totalsOf(basket: Basket, freeShipping: boolean): Totals {
  const goodsCents = basket.reduce((sum, line) => sum + line.product.priceCents * line.quantity, 0);
  const free = goodsCents === 0 || (freeShipping && goodsCents >= freeShippingFromCents);
  const shipping = free ? 0 : shippingCents;
  return { goodsCents, shippingCents: shipping, totalCents: goodsCents + shipping };
}
