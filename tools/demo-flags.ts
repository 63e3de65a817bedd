/** A flag of the demo: the body that makes it, and what `development` serves at first. */
export interface DemoFlag {
  readonly flag: { readonly key: string; readonly [field: string]: unknown };
  readonly development: Readonly<Record<string, unknown>>;
}

const only = (attribute: string, values: readonly string[]) => ({ attribute, operator: 'in', values });
const split = (weights: Readonly<Record<string, number>>) => ({
  split: {
    weights: Object.entries(weights).map(([variant, percent]) => ({ variant, weightPer100k: percent * 1_000 })),
  },
});

/** The three flags that decide the shop's pages, and others that a shop of this kind would have. */
export const demoFlags: readonly DemoFlag[] = [
  {
    flag: {
      key: 'new-checkout',
      type: 'boolean',
      name: 'One-page checkout',
      description: 'Delivery, payment and the sum on one page, instead of the classic two. Rolled out by percentage.',
      kind: 'release',
      tags: ['shop', 'checkout'],
    },
    development: {
      enabled: true,
      slices: true,
      rules: [
        {
          id: 'trade-stays',
          name: 'Trade customers keep the classic checkout',
          when: only('plan', ['trade']),
          serve: { variant: 'off' },
        },
      ],
      defaultRule: split({ on: 30, off: 70 }),
    },
  },
  {
    flag: {
      key: 'free-shipping-banner',
      type: 'boolean',
      name: 'Free shipping from 40 euros',
      description: 'Shows the banner on every page, and keeps its promise in the totals.',
      kind: 'operational',
      tags: ['shop', 'campaign'],
    },
    development: { enabled: false, defaultRule: { variant: 'on' } },
  },
  {
    flag: {
      key: 'shop-headline',
      type: 'string',
      name: 'Headline of the shop',
      description: 'The words on the first page. The look of the shop follows the variant.',
      kind: 'experiment',
      tags: ['shop', 'campaign'],
      variants: [
        { name: 'seaside', value: 'Salt air, strong seams' },
        { name: 'festival', value: 'Strings for loud days' },
        { name: 'meadow', value: 'Sewn for hedges and high grass' },
        { name: 'classic', value: 'Cloth that likes the wind' },
      ],
    },
    development: {
      enabled: true,
      rules: [
        {
          id: 'by-the-sea',
          name: 'Countries with a long coast',
          when: only('country', ['NL', 'SE']),
          serve: { variant: 'seaside' },
        },
      ],
      defaultRule: split({ festival: 50, meadow: 50 }),
    },
  },
  {
    flag: {
      key: 'payment-fallback',
      type: 'boolean',
      name: 'Second payment provider',
      description: 'Sends payments to the second provider. Turn it on when the first one is down.',
      kind: 'operational',
      tags: ['checkout', 'on-call'],
    },
    development: { enabled: false, defaultRule: { variant: 'on' } },
  },
  {
    flag: {
      key: 'recommendations',
      type: 'object',
      name: 'Recommended products',
      description: 'Where recommendations come from, and how many are shown.',
      kind: 'experiment',
      tags: ['shop', 'search'],
      variants: [
        { name: 'bestsellers', value: { source: 'bestsellers', limit: 4 } },
        { name: 'similar', value: { source: 'similar-cloth', limit: 6, explain: true } },
        { name: 'none', value: { source: 'none', limit: 0 } },
      ],
    },
    development: { enabled: true, defaultRule: split({ bestsellers: 50, similar: 50 }) },
  },
  {
    flag: {
      key: 'basket-lifetime-hours',
      type: 'number',
      name: 'How long a basket is kept',
      description: 'Hours until an untouched basket is emptied.',
      kind: 'operational',
      tags: ['checkout'],
      variants: [
        { name: 'day', value: 24 },
        { name: 'week', value: 168 },
      ],
    },
    development: { enabled: true, offVariant: 'day', defaultRule: { variant: 'week' } },
  },
  {
    flag: {
      key: 'trade-prices',
      type: 'boolean',
      name: 'Trade price list',
      description: 'Net prices and quantity discounts for trade customers.',
      kind: 'permission',
      tags: ['checkout', 'trade'],
    },
    development: {
      enabled: true,
      rules: [{ id: 'trade', name: 'Trade customers', when: only('plan', ['trade']), serve: { variant: 'on' } }],
      defaultRule: { variant: 'off' },
    },
  },
  {
    flag: {
      key: 'order-storage',
      type: 'string',
      name: 'Move of the order table',
      description: 'Which store orders are written to and read from while they move to the new table.',
      kind: 'migration',
      tags: ['orders', 'database'],
    },
    development: { enabled: true, offVariant: 'off', defaultRule: { variant: 'dualWrite' } },
  },
];
