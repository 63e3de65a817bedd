import type { EvaluationDetails, Flags } from '@bunting/node';
import { contextOf, type Visitor } from './visitor.ts';

/** As much of the SDK as the shop uses. */
export type ShopFlags = Pick<
  Flags,
  'isEnabled' | 'getBooleanDetails' | 'getStringDetails' | 'run' | 'state' | 'revision'
>;

/** Looks of the shop, by the variant of `shop-headline`; a variant of another name wears the classic one. */
export const themes = ['classic', 'seaside', 'festival', 'meadow'] as const;
export type Theme = (typeof themes)[number];

/** What the flags decided for one request. Asked once, at its start, so that a page never contradicts itself. */
export interface Decisions {
  /** `free-shipping-banner`: the promise is shown, and kept by the totals. */
  readonly freeShippingBanner: boolean;
  /** `shop-headline`: the text, and the look that goes with its variant. */
  readonly headline: { readonly text: string; readonly theme: Theme };
  /** `new-checkout`: all on one page, instead of the classic two. */
  readonly onePageCheckout: boolean;
}

/** What visitors get when there are no flags to ask: the shop as it was before. */
const defaultHeadline = 'Cloth that likes the wind';

/** Decides for a visitor. Answers come from memory: this needs no server and cannot fail. */
export function decide(flags: ShopFlags, visitor: Visitor): Decisions {
  const context = contextOf(visitor);
  const headline = flags.getStringDetails<string>('shop-headline', defaultHeadline, context);
  return {
    freeShippingBanner: flags.isEnabled('free-shipping-banner', context),
    headline: { text: headline.value, theme: themes.find((theme) => theme === headline.variant) ?? 'classic' },
    onePageCheckout: flags.isEnabled('new-checkout', context),
  };
}

/** The same answers with how they came about. */
export function explain(flags: ShopFlags, visitor: Visitor): EvaluationDetails<boolean | string>[] {
  const context = contextOf(visitor);
  return [
    flags.getBooleanDetails('free-shipping-banner', false, context),
    flags.getStringDetails<string>('shop-headline', defaultHeadline, context),
    flags.getBooleanDetails('new-checkout', false, context),
  ];
}
