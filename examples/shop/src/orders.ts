import { randomBytes } from 'node:crypto';
import type { Basket, Totals } from './basket.ts';

interface Delivery {
  readonly name: string;
  readonly street: string;
  readonly city: string;
}

export const payments = {
  invoice: 'Invoice, 14 days',
  transfer: 'Bank transfer',
  collect: 'Cash on delivery',
} as const;
export type Payment = keyof typeof payments;

export interface Order {
  /** Cannot be guessed; it is in the confirmation's address. */
  readonly id: string;
  readonly visitorId: string;
  readonly basket: Basket;
  readonly totals: Totals;
  readonly delivery: Delivery;
  readonly payment: Payment;
}

const maxOrders = 1_000;

/** Orders live in memory: this shop ships nothing. The oldest are forgotten first. */
export class OrderBook {
  readonly #orders = new Map<string, Order>();

  place(order: Omit<Order, 'id'>): Order {
    const placed = { ...order, id: randomBytes(9).toString('base64url') };
    this.#orders.set(placed.id, placed);
    const oldest = this.#orders.size > maxOrders ? this.#orders.keys().next().value : undefined;
    if (oldest !== undefined) this.#orders.delete(oldest);
    return placed;
  }

  /** The order, if it is this visitor's own. */
  find(id: string, visitorId: string): Order | undefined {
    const order = this.#orders.get(id);
    return order?.visitorId === visitorId ? order : undefined;
  }
}
