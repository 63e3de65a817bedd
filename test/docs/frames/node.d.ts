import type { EvaluationContext, Evaluations, Flags } from '@bunting/node';
import type { TelemetryHook } from '@bunting/node/openfeature';

/** What the fragments about the Node SDK only mention. */
declare global {
  const flags: Flags;
  const sdkKey: string;
  const user: { readonly id: string; readonly plan: string };
  const context: EvaluationContext;
  const cart: { readonly total: number };
  const job: { readonly owner: string };
  const log: { warn(fields: object, message?: string): void };
  const logs: { getLogger(name: string): ConstructorParameters<typeof TelemetryHook>[0] };
  const fastify: import('fastify').FastifyInstance;
  const express: import('express').Express;
  const expect: typeof import('vitest').expect;
  function showNewCheckout(): void;
  function showCart(options: { readonly express: boolean }): string;
  function work(on: typeof job): void;
  function checkOut(flags: Flags, paid: typeof cart): void;
  const mine: Evaluations;
  const query: string;
  type Order = { readonly id: string; readonly paid: boolean };
  const sql: { findOrder(id: string): Promise<Order>; putOrder(order: Order): Promise<void> };
  const documents: typeof sql;
  function priceCart(priced: typeof cart): Promise<number>;
  function priceCartAnew(priced: typeof cart): Promise<number>;
  function search(query: string): Promise<{ readonly ids: readonly string[] }>;
  function searchAnew(query: string): Promise<{ readonly ids: readonly string[] }>;
  function queueRepair(order: Order): void;
  function totalOf(flags: Flags, paid: typeof cart): Promise<number>;

  namespace Express {
    interface Request {
      flags: Evaluations;
      user: { readonly id: string };
    }
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    flags: Evaluations;
    user: { readonly id: string };
  }
}
