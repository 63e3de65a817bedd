import { connect, type Flags } from '@bunting/browser';
import { fallBack } from '@bunting/browser/fallback';
import { BuntingWebProvider } from '@bunting/browser/openfeature';
import { FlagsProvider, useFlag } from '@bunting/browser/react';
import { shareTabs } from '@bunting/browser/tabs';
import { createTestFlags } from '@bunting/browser/testing';
import { OpenFeature } from '@openfeature/web-sdk';

const options = { url: 'https://flags.example.com', clientKey: 'bnt_cli_1' };
const flags: Flags = connect({ ...options, context: { targetingKey: 'a' }, socket: shareTabs(fallBack()) });

function Checkout() {
  const isNew: boolean = useFlag('new-checkout', false);
  return <p>{isNew ? 'new' : 'old'}</p>;
}

export const page = (
  <FlagsProvider flags={flags}>
    <Checkout />
  </FlagsProvider>
);

await OpenFeature.setProviderAndWait(new BuntingWebProvider(options));
createTestFlags({ 'new-checkout': true }).expectExposed('new-checkout', true);
// @ts-expect-error a flag's key is a text
flags.isEnabled(1);
