const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });

/** Amounts are whole cents everywhere; this is how people read them. */
export function formatCents(cents: number): string {
  return euros.format(cents / 100);
}
