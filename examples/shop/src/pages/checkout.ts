import { totalsOf } from '../basket.ts';
import type { CheckoutForm } from '../checkout-form.ts';
import { type Content, type Html, html } from '../html.ts';
import { formatCents } from '../money.ts';
import { type Order, payments } from '../orders.ts';
import { renderTotals } from './basket.ts';
import { type PageFrame, renderPage } from './layout.ts';

/** The new checkout: delivery, payment and the sum, on one page with one button. */
export function renderOnePageCheckout(frame: PageFrame, form: CheckoutForm): Html {
  const { totalCents } = totalsOf(frame.basket, frame.decisions.freeShippingBanner);
  const body = html`
<h1>Checkout</h1>
${renderProblems(form)}
<form class="columns checkout" method="post" action="/checkout" data-checkout="one-page">
${renderHidden({ step: 'place', total: String(totalCents) })}
<div class="stack">
<fieldset class="card"><legend>Where to?</legend>${renderDelivery(form)}</fieldset>
<fieldset class="card"><legend>How do you pay?</legend>${renderPayment(form)}</fieldset>
</div>
<aside class="card">
<h2>Your order</h2>
${renderSummary(frame)}
<button type="submit">Place order, ${formatCents(totalCents)}</button>
</aside>
</form>`;
  return renderPage(frame, { title: 'Checkout', body });
}

/** The classic checkout, first of two pages. */
export function renderDeliveryStep(frame: PageFrame, form: CheckoutForm): Html {
  const body = html`
<h1>Delivery</h1>
${renderProgress(1)}
${renderProblems(form)}
<form class="card narrow" method="post" action="/checkout" data-checkout="classic">
${renderHidden({ step: 'delivery' })}
${renderDelivery(form)}
<button type="submit">Continue to payment</button>
</form>`;
  return renderPage(frame, { title: 'Checkout: delivery', body });
}

/** The classic checkout, second page. The delivery travels along in the form and is checked again. */
export function renderPaymentStep(frame: PageFrame, form: CheckoutForm): Html {
  const { totalCents } = totalsOf(frame.basket, frame.decisions.freeShippingBanner);
  const { name, street, city } = form.values;
  const body = html`
<h1>Payment</h1>
${renderProgress(2)}
${renderProblems(form)}
<form class="card narrow" method="post" action="/checkout" data-checkout="classic">
${renderHidden({ step: 'place', total: String(totalCents), name, street, city })}
<p class="to">To <b>${name}</b>, ${street}, ${city}. <a href="/checkout">Change</a></p>
<fieldset class="plain"><legend>How do you pay?</legend>${renderPayment(form)}</fieldset>
${renderSummary(frame)}
<button type="submit">Place order, ${formatCents(totalCents)}</button>
</form>`;
  return renderPage(frame, { title: 'Checkout: payment', body });
}

export function renderConfirmation(frame: PageFrame, order: Order): Html {
  const { delivery } = order;
  const body = html`
<section class="card narrow thanks">
<h1>Thank you, ${delivery.name}</h1>
<p>Order <code>${order.id}</code> is in. It would now go to ${delivery.street}, ${delivery.city}, if this shop shipped anything.</p>
<ul class="plain-list">${order.basket.map((line) => html`<li>${line.quantity} × ${line.product.name}</li>`)}</ul>
${renderTotals(order.totals)}
<p class="hint">${payments[order.payment]}</p>
<a class="button" href="/">Back to the cloth</a>
</section>`;
  return renderPage(frame, { title: 'Order placed', body });
}

function renderDelivery({ values, problems }: CheckoutForm): Html {
  return html`${renderField('name', 'Name', 'name', values.name, problems.name)}
${renderField('street', 'Street and number', 'street-address', values.street, problems.street)}
${renderField('city', 'Postcode and city', 'address-level2', values.city, problems.city)}`;
}

function renderField(
  name: string,
  label: string,
  autocomplete: string,
  value: string,
  problem: string | undefined,
): Html {
  const wrong = problem !== undefined && html` aria-invalid="true" aria-describedby="${name}-problem"`;
  return html`<label class="field">${label}
<input name="${name}" value="${value}" autocomplete="${autocomplete}" maxlength="80" required${wrong}></label>
${problem !== undefined && html`<p class="problem" id="${name}-problem">${problem}</p>`}`;
}

function renderPayment({ values, problems }: CheckoutForm): Html {
  const choices = Object.entries(payments).map(
    ([key, label]) =>
      html`<label class="choice"><input type="radio" name="payment" value="${key}" required${values.payment === key && html` checked`}>${label}</label>`,
  );
  return html`${choices}${problems.payment !== undefined && html`<p class="problem">${problems.payment}</p>`}`;
}

function renderSummary(frame: PageFrame): Html {
  return html`<ul class="plain-list">${frame.basket.map((line) => html`<li>${line.quantity} × ${line.product.name}</li>`)}</ul>
${renderTotals(totalsOf(frame.basket, frame.decisions.freeShippingBanner))}`;
}

function renderProgress(current: 1 | 2): Html {
  const steps = ['Delivery', 'Payment'].map(
    (label, index) => html`<li${index + 1 === current && html` aria-current="step"`}>${label}</li>`,
  );
  return html`<ol class="progress" aria-label="Steps of the checkout">${steps}</ol>`;
}

function renderProblems({ notice }: CheckoutForm): Content {
  return notice !== undefined && html`<p class="problem notice" role="alert">${notice}</p>`;
}

function renderHidden(values: Readonly<Record<string, string>>): Html[] {
  return Object.entries(values).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
}
