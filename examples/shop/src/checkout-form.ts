import { z } from 'zod';
import { type Payment, payments } from './orders.ts';

/** What someone typed, and what is wrong with it, ready to be shown again. */
export interface CheckoutForm {
  readonly values: Readonly<Record<'name' | 'street' | 'city' | 'payment', string>>;
  readonly problems: Readonly<Partial<Record<'name' | 'street' | 'city' | 'payment', string>>>;
  /** Something about the whole order. */
  readonly notice?: string;
}

const line = (fix: string) => z.string().trim().min(1, fix).max(80, 'Keep it under 80 characters.');
const delivery = z.object({
  name: line('Tell us who it is for.'),
  street: line('Tell us the street and number.'),
  city: line('Tell us the postcode and city.'),
});
const paymentKeys = Object.keys(payments) as [Payment, ...Payment[]];
const whole = delivery.extend({ payment: z.enum(paymentKeys, 'Choose how you pay.') });

export const emptyForm: CheckoutForm = { values: { name: '', street: '', city: '', payment: '' }, problems: {} };

type Fields = URLSearchParams;

/** Checks the delivery alone: the classic checkout's first page. */
export function readDelivery(fields: Fields): { form: CheckoutForm; ok: boolean } {
  const form = formOf(fields);
  const result = delivery.safeParse(form.values);
  return { form: { ...form, problems: result.success ? {} : problemsOf(result.error) }, ok: result.success };
}

/** Checks delivery and payment. */
export function readOrder(fields: Fields): { form: CheckoutForm; order: z.output<typeof whole> | undefined } {
  const form = formOf(fields);
  const result = whole.safeParse(form.values);
  return { form: { ...form, problems: result.success ? {} : problemsOf(result.error) }, order: result.data };
}

function formOf(fields: Fields): CheckoutForm {
  const value = (name: string) => fields.get(name) ?? '';
  return {
    values: { name: value('name'), street: value('street'), city: value('city'), payment: value('payment') },
    problems: {},
  };
}

function problemsOf(error: z.ZodError): Record<string, string> {
  return Object.fromEntries(error.issues.map((issue) => [issue.path.join('.'), issue.message]));
}
