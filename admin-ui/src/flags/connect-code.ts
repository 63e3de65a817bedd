import type { FlagType } from '../api/types.ts';

/** How code asks for its flags. */
export const ways = ['node', 'react', 'openfeature', 'curl'] as const;
export type Way = (typeof ways)[number];

export interface ConnectFacts {
  /** Where the server is, without a slash at the end. */
  readonly url: string;
  /** The secret of a key of the way's kind. Absent: the code reads it from BUNTING_SDK_KEY. */
  readonly key?: string | undefined;
  readonly flag: string;
  readonly type: FlagType;
}

/** What a key must be for, so that this way may use it. */
export function keyKindOf(way: Way): 'server' | 'client' {
  return way === 'react' ? 'client' : 'server';
}

/** What is called when nothing else can be said, as TypeScript source. */
const defaults: Record<FlagType, string> = { boolean: 'false', string: "'none'", number: '0', object: '{}' };

const methods: Record<FlagType, string> = {
  ...{ boolean: 'getBooleanValue', string: 'getStringValue' },
  ...{ number: 'getNumberValue', object: 'getObjectValue' },
};

/** A program, or a command, that shows what a flag is, complete as it stands: it asks each second, so that changes are seen. */
export function connectCode(way: Way, facts: ConnectFacts): string {
  return programs[way](facts);
}

const programs: Record<Way, (facts: ConnectFacts) => string> = {
  node: ({ url, key, flag, type }) => `// npm install @bunting/node; as first-flag.mjs: node first-flag.mjs
import { connect } from '@bunting/node';

const flags = connect({
  url: '${url}',
  sdkKey: ${keySource(key)},
});
await flags.ready();

const user = { targetingKey: 'ann' };
setInterval(() => {
  console.log('${flag}:', ${type === 'boolean' ? `flags.isEnabled('${flag}', user)` : `flags.${methods[type]}('${flag}', ${defaults[type]}, user)`});
}, 1_000);`,
  react: ({ url, key, flag, type }) => `// npm install @bunting/browser
import { connect } from '@bunting/browser';
import { FlagsProvider, useFlag } from '@bunting/browser/react';
import { createRoot } from 'react-dom/client';

const flags = connect({
  url: '${url}',
  clientKey: '${key ?? 'bnt_cli_...'}', // public
  context: { targetingKey: 'ann' },
});

function FirstFlag() {
  const value = useFlag('${flag}', ${defaults[type]});
  return <p>${flag}: {JSON.stringify(value)}</p>;
}

createRoot(document.getElementById('root')).render(
  <FlagsProvider flags={flags}>
    <FirstFlag />
  </FlagsProvider>,
);`,
  openfeature: ({
    url,
    key,
    flag,
    type,
  }) => `// npm install @openfeature/server-sdk @bunting/node; as first-flag.mjs: node first-flag.mjs
import { BuntingProvider } from '@bunting/node/openfeature';
import { OpenFeature } from '@openfeature/server-sdk';

await OpenFeature.setProviderAndWait(new BuntingProvider({
  url: '${url}',
  sdkKey: ${keySource(key)},
}));
const flags = OpenFeature.getClient();

const user = { targetingKey: 'ann' };
setInterval(async () => {
  console.log('${flag}:', await flags.${methods[type]}('${flag}', ${defaults[type]}, user));
}, 1_000);`,
  curl: ({ url, key, flag }) => `curl -s ${url}/ofrep/v1/evaluate/flags/${flag} \\
  -H "Authorization: Bearer ${key ?? '$BUNTING_SDK_KEY'}" \\
  -H 'Content-Type: application/json' \\
  -d '{"context": {"targetingKey": "ann"}}'`,
};

function keySource(key: string | undefined): string {
  return key === undefined ? 'process.env.BUNTING_SDK_KEY' : `'${key}'`;
}
