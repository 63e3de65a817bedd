import { type CompiledRuleset, compile } from '@bunting/core';
import { connect, type EvaluationDetails, type Flags } from '@bunting/node';
import { runWithContext } from '@bunting/node/context';
import { BuntingProvider } from '@bunting/node/openfeature';
import { createTestFlags, type TestFlags } from '@bunting/node/testing';
import { OpenFeature } from '@openfeature/server-sdk';

const flags: Flags = connect({ url: 'https://flags.example.com', sdkKey: 'bnt_srv_1' });
const details: EvaluationDetails<boolean> = flags.getBooleanDetails('new-checkout', false, { targetingKey: 'a' });
export const theme: 'dark' | 'light' = flags.getStringValue<'dark' | 'light'>('theme', 'light');
export const answer: boolean = runWithContext({ targetingKey: 'a' }, () => details.value);
export const testFlags: TestFlags = createTestFlags({ 'new-checkout': true });
export const ruleset: CompiledRuleset = compile({ revision: { incarnation: '', number: 1, hash: '' }, flags: [] });

await OpenFeature.setProviderAndWait(new BuntingProvider(flags));
// @ts-expect-error a flag's key is a text
flags.isEnabled(1);
