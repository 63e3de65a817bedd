import { connect } from '@bunting/browser';
import { FlagsProvider, useFlag, useFlagDetails, useSuspenseFlag } from '@bunting/browser/react';
import { Suspense, useRef } from 'react';
import { createRoot } from 'react-dom/client';

/** A page whose components show a flag each, and how often they were rendered. */
const { url, clientKey } = JSON.parse(document.getElementById('settings')?.textContent ?? '{}');
const flags = connect({ url, clientKey, context: { targetingKey: 'ann' }, app: 'react-page' });

function Renders({ of }: { readonly of: string }) {
  const count = useRef(0);
  count.current += 1;
  return <i id={`${of}-renders`}>{count.current}</i>;
}

function Toggle({ flag }: { readonly flag: string }) {
  return (
    <p>
      <b id={flag}>{useFlag(flag, false) ? 'on' : 'off'}</b> <Renders of={flag} />
    </p>
  );
}

function Theme() {
  const { value, variant, state } = useFlagDetails('theme', 'none');
  return <p id="theme">{`${value} ${variant} ${state}`}</p>;
}

function Patient() {
  return <p id="patient">{useSuspenseFlag('theme', 'default')}</p>;
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <FlagsProvider flags={flags}>
    <Toggle flag="watched" />
    <Toggle flag="other" />
    <Theme />
    <Suspense fallback={<p id="patient">waiting</p>}>
      <Patient />
    </Suspense>
  </FlagsProvider>,
);
