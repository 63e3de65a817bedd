import { setTimeout as sleep } from 'node:timers/promises';
import type { SimulatedVisitor } from './crowd.ts';
import { Refused, Session } from './session.ts';

export interface JourneyOptions {
  readonly shopUrl: string;
  readonly signal: AbortSignal;
  /** How long someone looks at a page on average. */
  readonly pauseMs: number;
  /** 0 up to 1. */
  readonly random: () => number;
}

/** How far someone went, and which checkout they were shown. */
export interface Journey {
  readonly reached: 'list' | 'product' | 'basket' | 'checkout' | 'order';
  readonly checkout?: 'one-page' | 'classic';
}

/** Shares of people who go on from each page to the next. */
const goesOn = { list: 0.8, product: 0.6, basket: 0.75, checkout: 0.7 };

/** One visit, from the list as far as the visitor cares to go. Rejects when the shop does not answer. */
export async function visitShop(visitor: SimulatedVisitor, options: JourneyOptions): Promise<Journey> {
  const { shopUrl, signal, pauseMs, random } = options;
  const session = new Session(shopUrl, visitor, signal);
  const pause = () => sleep(pauseMs * (0.5 + random()), undefined, { signal });
  const stays = async (share: number) => {
    await pause();
    return random() < share;
  };

  const list = await session.get('/');
  const slugs = [...list.matchAll(/href="\/products\/([a-z-]+)"/g)].map((match) => match[1] ?? '');
  const slug = slugs[Math.floor(random() * slugs.length)];
  if (slug === undefined || !(await stays(goesOn.list))) return { reached: 'list' };

  await session.get(`/products/${slug}`);
  if (!(await stays(goesOn.product))) return { reached: 'product' };

  await session.post('/basket', { product: slug, quantity: String(1 + Math.floor(random() * 3)) });
  if (!(await stays(goesOn.basket))) return { reached: 'basket' };

  const page = await session.get('/checkout').catch((error: unknown) => {
    if (error instanceof Refused) return undefined;
    throw error;
  });
  // Whoever is shown an error leaves; that the shop is there is seen by the others.
  if (page === undefined) return { reached: 'basket' };
  const checkout = page.includes('data-checkout="one-page"') ? 'one-page' : 'classic';
  if (!(await stays(goesOn.checkout))) return { reached: 'checkout', checkout };

  const delivery = { name: `Visitor ${visitor.id}`, street: '1 Harbour Road', city: '20457 Port' };
  const last = checkout === 'one-page' ? page : await session.post('/checkout', { step: 'delivery', ...delivery });
  const total = /name="total" value="(\d+)"/.exec(last)?.[1] ?? '';
  await pause();
  await session.post('/checkout', { step: 'place', total, payment: 'invoice', ...delivery });
  return { reached: 'order', checkout };
}
