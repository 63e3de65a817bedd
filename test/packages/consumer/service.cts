import node = require('@bunting/node');

import { runWithContext } from '@bunting/node/context';
import { BuntingProvider } from '@bunting/node/openfeature';
import { createTestFlags } from '@bunting/node/testing';

const flags: node.Flags = node.connect({ url: 'https://flags.example.com', sdkKey: 'bnt_srv_1' });
export const provider = new BuntingProvider(flags);
export const answer: boolean = runWithContext({ targetingKey: 'a' }, () => createTestFlags().isEnabled('a'));
// @ts-expect-error a flag's key is a text
flags.isEnabled(1);
