import {
  createContext,
  createElement,
  type FunctionComponent,
  type ReactNode,
  use,
  useContext,
  useSyncExternalStore,
} from 'react';
import type { EvaluationDetails, Flags, Readiness } from '../flags.ts';
import type { Json } from '../protocol.ts';
import { Versions } from './versions.ts';

const FlagsContext = createContext<Flags | undefined>(undefined);

export interface FlagsProviderProps {
  /** What `connect` returned. The provider does not close it. */
  readonly flags: Flags;
  readonly children?: ReactNode;
}

/** Lets the components inside use flags. */
export const FlagsProvider: FunctionComponent<FlagsProviderProps> = ({ flags, children }) =>
  createElement(FlagsContext.Provider, { value: flags }, children);

/**
 * The flags of the nearest `FlagsProvider`.
 * @throws when there is none
 */
export function useFlags(): Flags {
  const flags = useContext(FlagsContext);
  if (flags === undefined) throw new Error('bunting: useFlag needs a <FlagsProvider flags={connect(...)}> around it');
  return flags;
}

/** A default of type `true` must not make the answer's type `true`. */
type Widened<T> = T extends boolean ? boolean : T extends number ? number : T extends string ? string : T;

/**
 * The value of a flag, of the type of `defaultValue`. The component renders again when this flag's value changes, and for
 * no other flag.
 *
 * ```tsx
 * const showNew = useFlag('new-checkout', false);
 * ```
 */
export function useFlag<T extends Json>(key: string, defaultValue: T): Widened<T> {
  const flags = useFlags();
  const versions = Versions.of(flags);
  const read = () => versions.ofAnswer(key);
  useSyncExternalStore(versions.subscribe, read, read);
  return answer(flags, key, defaultValue) as Widened<T>;
}

/** As `useFlag`, with how the answer came about. Renders again when the client's `state` changes, too. */
export function useFlagDetails<T extends Json>(key: string, defaultValue: T): EvaluationDetails<Json> {
  const flags = useFlags();
  const versions = Versions.of(flags);
  const read = () => versions.ofDetails(key);
  useSyncExternalStore(versions.subscribe, read, read);
  return explain(flags, key, defaultValue);
}

const waits = new WeakMap<Flags, Promise<Readiness>>();

/**
 * As `useFlag`, and suspends until the flags have values (or `ready()` gives up), so that nothing flickers from the default
 * to the value. On a server, or with bootstrapped or cached values, it does not suspend.
 */
export function useSuspenseFlag<T extends Json>(key: string, defaultValue: T): Widened<T> {
  const flags = useFlags();
  if (flags.state === 'default' && typeof window !== 'undefined') {
    let wait = waits.get(flags);
    if (wait === undefined) {
      wait = flags.ready();
      waits.set(flags, wait);
    }
    use(wait);
  }
  return useFlag(key, defaultValue);
}

function answer(flags: Flags, key: string, defaultValue: Json): Json {
  switch (typeof defaultValue) {
    case 'boolean':
      return flags.getBooleanValue(key, defaultValue);
    case 'string':
      return flags.getStringValue<string>(key, defaultValue);
    case 'number':
      return flags.getNumberValue<number>(key, defaultValue);
    default:
      return flags.getObjectValue(key, defaultValue);
  }
}

function explain(flags: Flags, key: string, defaultValue: Json): EvaluationDetails<Json> {
  switch (typeof defaultValue) {
    case 'boolean':
      return flags.getBooleanDetails(key, defaultValue);
    case 'string':
      return flags.getStringDetails<string>(key, defaultValue);
    case 'number':
      return flags.getNumberDetails<number>(key, defaultValue);
    default:
      return flags.getObjectDetails(key, defaultValue);
  }
}
