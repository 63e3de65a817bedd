import type { ShopFlags } from './flags.ts';

/** What the flags answer in a test; what is not set answers the shop's own default. */
export interface Answers {
  banner?: boolean;
  onePage?: boolean;
  headline?: { value: string; variant: string };
}

/** Flags for tests of the shop alone. `answers` may be changed while the shop runs, as flags are. */
export function answeringFlags(answers: Answers): ShopFlags {
  const details = <T>(key: string, value: T, variant: string) => ({
    key,
    value,
    variant,
    reason: 'STATIC' as const,
    errorCode: undefined,
    errorMessage: undefined,
    flagMetadata: {},
    state: 'live' as const,
    dataAgeMs: 1_000,
  });
  const isOn = (key: string) => (key === 'new-checkout' ? answers.onePage : answers.banner) ?? false;
  return {
    state: 'live',
    revision: { incarnation: 'i', number: 7, hash: 'h' },
    isEnabled: isOn,
    run: <T>(key: string, ...args: readonly unknown[]) => {
      const sides = args.at(-1) as { readonly on: () => T; readonly off: () => T };
      return isOn(key) ? sides.on() : sides.off();
    },
    getBooleanDetails: (key) => details(key, isOn(key), isOn(key) ? 'on' : 'off'),
    getStringDetails: <T extends string>(key: string, fallback: T) =>
      details(key, (answers.headline?.value ?? fallback) as T, answers.headline?.variant ?? 'classic'),
  };
}
