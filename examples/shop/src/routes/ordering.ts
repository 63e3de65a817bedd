import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { basketCookie, formatBasket, setQuantity, totalsOf } from '../basket.ts';
import { findProduct } from '../catalogue.ts';
import { type CheckoutForm, emptyForm, readDelivery, readOrder } from '../checkout-form.ts';
import { formatCookie } from '../cookies.ts';
import type { Fault } from '../fault.ts';
import type { ShopFlags } from '../flags.ts';
import type { Html } from '../html.ts';
import { sendPage } from '../html-reply.ts';
import { formatCents } from '../money.ts';
import type { OrderBook } from '../orders.ts';
import { renderBasket } from '../pages/basket.ts';
import { renderConfirmation, renderDeliveryStep, renderOnePageCheckout, renderPaymentStep } from '../pages/checkout.ts';
import { renderProblem } from '../pages/problem.ts';
import type { VisitLog } from '../visit-log.ts';
import { contextOf } from '../visitor.ts';

interface OrderingParts {
  readonly log: VisitLog;
  readonly orders: OrderBook;
  readonly flags: ShopFlags;
  readonly fault: Fault;
}

/** From the basket to the order. Both checkouts post to one address: a flag that changes midway loses nobody's order. */
export function registerOrdering(app: FastifyInstance, { log, orders, flags, fault }: OrderingParts): void {
  app.get('/basket', (request, reply) => {
    log.add({ ...request.frame, step: 'basket', atMs: Date.now() });
    return sendPage(reply, renderBasket(request.frame));
  });

  app.post('/basket', (request, reply) => {
    const fields = fieldsOf(request);
    const product = findProduct(fields.get('product') ?? '');
    const quantity = fields.get('quantity') ?? '';
    if (!product || !/^[0-9]{1,3}$/.test(quantity)) {
      const message = 'A basket takes a product from our list and a quantity from 0 to 9.';
      return sendPage(reply.code(400), renderProblem(request.frame, 'That did not work', message));
    }
    const basket = setQuantity(request.frame.basket, product, Number(quantity));
    return reply.header('set-cookie', formatCookie(basketCookie, formatBasket(basket))).redirect('/basket', 303);
  });

  app.get('/checkout', (request, reply) => {
    if (request.frame.basket.length === 0) return reply.redirect('/basket', 303);
    log.add({ ...request.frame, step: 'checkout', atMs: Date.now() });
    return sendPage(reply, renderCheckout(request, flags, fault));
  });

  app.post('/checkout', (request, reply) => {
    if (request.frame.basket.length === 0) return reply.redirect('/basket', 303);
    return fieldsOf(request).get('step') === 'delivery'
      ? takeDelivery(request, reply)
      : placeOrder(request, reply, log, orders);
  });

  app.get<{ Params: { id: string } }>('/orders/:id', (request, reply) => {
    const order = orders.find(request.params.id, request.frame.visitor.id);
    return order ? sendPage(reply, renderConfirmation(request.frame, order)) : reply.callNotFound();
  });
}

/** The checkout that the flag chooses; how often each of the two fails, and how long it takes, is counted on the way. */
function renderCheckout({ frame }: FastifyRequest, flags: ShopFlags, fault: Fault): Html {
  return flags.run('new-checkout', contextOf(frame.visitor), {
    on: () => {
      fault.check();
      return renderOnePageCheckout(frame, emptyForm);
    },
    off: () => renderDeliveryStep(frame, emptyForm),
  });
}

function takeDelivery(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { form, ok } = readDelivery(fieldsOf(request));
  return ok
    ? sendPage(reply, renderPaymentStep(request.frame, form))
    : sendPage(reply.code(400), renderDeliveryStep(request.frame, form));
}

function placeOrder(request: FastifyRequest, reply: FastifyReply, log: VisitLog, orders: OrderBook): FastifyReply {
  const { frame } = request;
  const fields = fieldsOf(request);
  const { form, order } = readOrder(fields);
  if (!order) return showAgain(request, reply.code(400), form);
  const totals = totalsOf(frame.basket, frame.decisions.freeShippingBanner);
  // The price can change between the page and the click (a flag, another tab): nobody pays what they did not see.
  if (fields.get('total') !== String(totals.totalCents)) {
    const notice = `The total is now ${formatCents(totals.totalCents)}. Please look at your order again before you place it.`;
    return showAgain(request, reply.code(409), { ...form, notice });
  }
  const { payment, ...delivery } = order;
  const placed = orders.place({ visitorId: frame.visitor.id, basket: frame.basket, totals, delivery, payment });
  log.add({ ...frame, step: 'order', atMs: Date.now() });
  return reply.header('set-cookie', formatCookie(basketCookie, '')).redirect(`/orders/${placed.id}`, 303);
}

/** The page that has all that was typed: the one-page checkout, or the classic one's page with the problem. */
function showAgain(request: FastifyRequest, reply: FastifyReply, form: CheckoutForm): FastifyReply {
  const { name, street, city } = form.problems;
  const inDelivery = name !== undefined || street !== undefined || city !== undefined;
  if (request.frame.decisions.onePageCheckout) return sendPage(reply, renderOnePageCheckout(request.frame, form));
  return sendPage(reply, (inDelivery ? renderDeliveryStep : renderPaymentStep)(request.frame, form));
}

/** What a form sent; nothing when the body was no form. */
function fieldsOf(request: FastifyRequest): URLSearchParams {
  return request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
}
