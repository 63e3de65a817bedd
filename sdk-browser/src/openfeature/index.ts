export { BuntingWebProvider, type WebProviderOptions } from './provider.ts';
