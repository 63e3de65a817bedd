/** What the fragments about the browser SDK only mention. */
declare const user: { readonly id: string };
declare const url: string;
declare const clientKey: string;
declare const contextHash: string;
declare const context: import('@bunting/browser').EvaluationContext;
declare const root: { render(node: import('react').ReactNode): void };
declare const flags: import('@bunting/browser').Flags;
declare function showNewCheckout(): void;
declare function Shop(): import('react').ReactNode;
declare function NewCheckout(): import('react').ReactNode;
declare function Checkout(): import('react').ReactNode;
