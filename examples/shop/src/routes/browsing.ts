import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findProduct, type Sorting, searchProducts, sortings } from '../catalogue.ts';
import { sendPage } from '../html-reply.ts';
import { renderProduct } from '../pages/product.ts';
import { renderProductList } from '../pages/product-list.ts';
import type { VisitLog } from '../visit-log.ts';

const maxQueryLength = 80;

/** Looking around: the list and each product. */
export function registerBrowsing(app: FastifyInstance, log: VisitLog): void {
  app.get('/', (request, reply) => {
    log.add({ ...request.frame, step: 'list', atMs: Date.now() });
    const query = (parameter(request, 'q') ?? '').trim().slice(0, maxQueryLength);
    const sorting = readSorting(parameter(request, 'sort'));
    return sendPage(reply, renderProductList(request.frame, { query, sorting, found: searchProducts(query, sorting) }));
  });

  app.get<{ Params: { slug: string } }>('/products/:slug', (request, reply) => {
    const product = findProduct(request.params.slug);
    if (!product) return reply.callNotFound();
    log.add({ ...request.frame, step: 'product', atMs: Date.now() });
    return sendPage(reply, renderProduct(request.frame, product));
  });
}

/** A query parameter; a repeated one counts as absent. */
function parameter(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : undefined;
}

function readSorting(value: string | undefined): Sorting {
  return value !== undefined && Object.hasOwn(sortings, value) ? (value as Sorting) : 'name';
}
