import {
  ErrorCode,
  type EvaluationContext,
  GeneralError,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  ProviderFatalError,
  type ResolutionDetails,
  type TrackingEventDetails,
} from '@openfeature/web-sdk';
import { connect } from '../connect.ts';
import type { EvaluationDetails, Flags } from '../flags.ts';
import type { FlagsError } from '../flags-error.ts';
import type { ConnectOptions } from '../options.ts';
import type { Json } from '../protocol.ts';

export interface WebProviderOptions {
  /** How long to wait for the first values, and for those of another context, in milliseconds. Default 5 000. */
  readonly readyTimeoutMs?: number;
  /**
   * Asks the page's own server for the `contextHash` of a context, where the environment requires contexts to be proved:
   * what `signContext` of `@bunting/node` made of exactly this context.
   */
  readonly proveContext?: (context: EvaluationContext) => Promise<string> | string;
}

/** What OpenFeature was last told of this provider. */
type Told = 'ready' | 'stale' | 'error';

/**
 * An OpenFeature provider for pages. The context is OpenFeature's: `OpenFeature.setContext` makes the page someone else's.
 *
 * ```ts
 * await OpenFeature.setContext({ targetingKey: user.id });
 * await OpenFeature.setProviderAndWait(new BuntingWebProvider({ url: 'https://flags.example.com', clientKey: 'bnt_cli_...' }));
 * ```
 *
 * With bootstrapped or cached values it is ready at once.
 */
export class BuntingWebProvider implements Provider {
  readonly metadata = { name: 'bunting' } as const;
  readonly runsOn = 'client';
  readonly events = new OpenFeatureEventEmitter();
  readonly #options: Omit<ConnectOptions, 'context'>;
  readonly #readyTimeoutMs: number;
  readonly #prove: WebProviderOptions['proveContext'];
  /** Whom OpenFeature wants answers for; undefined before it is initialized and after it is closed. */
  #context: EvaluationContext | undefined;
  /** Counts contexts: a proof that comes late is of no use any more. */
  #generation = 0;
  #flags: Flags | undefined;
  #told: Told | undefined;
  /** Changes of the context that are under way: OpenFeature says itself that it reconciles, and how that ended. */
  #reconciling = 0;
  #unsubscribe: (() => void)[] = [];

  constructor(
    options: Omit<ConnectOptions, 'context'>,
    { readyTimeoutMs = 5_000, proveContext }: WebProviderOptions = {},
  ) {
    this.#options = options;
    this.#prove = proveContext;
    this.#readyTimeoutMs = readyTimeoutMs;
  }

  async initialize(context: EvaluationContext = {}): Promise<void> {
    this.#flags?.close();
    this.#flags = undefined;
    this.#turnTo(context);
    const flags = await this.#connect();
    if (flags.state === 'default') await flags.ready({ timeoutMs: this.#readyTimeoutMs });
    const { state, error } = await flags.ready({ timeoutMs: 0 });
    const failure = state === 'default' ? (error ?? 'no values came in time; they are still waited for') : undefined;
    // What this promise settles to is told by OpenFeature itself; a second event for it would be one too many.
    this.#told = failure === undefined ? 'ready' : 'error';
    this.#follow(flags);
    if (failure !== undefined) throw toOpenFeatureError(failure);
  }

  async onContextChange(_old: EvaluationContext, context: EvaluationContext): Promise<void> {
    if (this.#context === undefined) return;
    const generation = this.#turnTo(context);
    // One that is still connecting does so for this context.
    if (this.#flags === undefined) return;
    this.#reconciling += 1;
    try {
      const failure = await this.#identify(generation, context);
      this.#told = failure === undefined ? 'ready' : 'error';
      if (failure !== undefined) throw new GeneralError(`${failure}; those of the one before are served`);
    } finally {
      this.#reconciling -= 1;
    }
  }

  async onClose(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    this.#turnTo(undefined);
    this.#flags?.close();
    this.#flags = undefined;
  }

  track(name: string, _context: EvaluationContext, details?: TrackingEventDetails): void {
    this.#flags?.track(name, details);
  }

  resolveBooleanEvaluation(key: string, defaultValue: boolean): ResolutionDetails<boolean> {
    return resolve(defaultValue, this.#flags?.getBooleanDetails(key, defaultValue));
  }

  resolveStringEvaluation(key: string, defaultValue: string): ResolutionDetails<string> {
    return resolve(defaultValue, this.#flags?.getStringDetails<string>(key, defaultValue));
  }

  resolveNumberEvaluation(key: string, defaultValue: number): ResolutionDetails<number> {
    return resolve(defaultValue, this.#flags?.getNumberDetails<number>(key, defaultValue));
  }

  resolveObjectEvaluation<T extends JsonValue>(key: string, defaultValue: T): ResolutionDetails<T> {
    const details = this.#flags?.getObjectDetails(key, defaultValue as Json);
    return resolve<Json>(defaultValue as Json, details) as ResolutionDetails<T>;
  }

  #turnTo(context: EvaluationContext | undefined): number {
    this.#context = context;
    this.#generation += 1;
    return this.#generation;
  }

  /** Connects for the context that is wanted when its proof is there, which may be a later one. */
  async #connect(): Promise<Flags> {
    for (;;) {
      const [generation, context] = [this.#generation, this.#context];
      if (context === undefined) throw new GeneralError('the provider was closed before it was ready');
      const proof = await this.#proofOf(context);
      if (generation !== this.#generation) continue;
      this.#flags = connect({ ...this.#options, ...proof, context });
      return this.#flags;
    }
  }

  /** @returns why the values of the context are not there; undefined also where a later one is wanted by now */
  async #identify(generation: number, context: EvaluationContext): Promise<string | undefined> {
    const proof = await this.#proofOf(context);
    const flags = this.#flags;
    if (generation !== this.#generation || flags === undefined) return undefined;
    const { state, error } = await flags.identify(context, { timeoutMs: this.#readyTimeoutMs, ...proof });
    if (state === 'live' || state === 'cached' || generation !== this.#generation) return undefined;
    return error?.message ?? 'the values of the new context did not come in time';
  }

  /** Without a proof the server says what is missing. */
  async #proofOf(context: EvaluationContext): Promise<Pick<ConnectOptions, 'contextHash'>> {
    if (this.#prove === undefined) return {};
    try {
      return { contextHash: await this.#prove(context) };
    } catch {
      return {};
    }
  }

  /** Tells OpenFeature what changes from here on. */
  #follow(flags: Flags): void {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    const tell = (told: Told, emit: () => void) => {
      if (this.#told === told || this.#reconciling > 0) return;
      this.#told = told;
      emit();
    };
    this.#unsubscribe = [
      flags.on('ready', () => tell('ready', () => this.events.emit(ProviderEvents.Ready))),
      flags.on('stale', () => tell('stale', () => this.events.emit(ProviderEvents.Stale))),
      flags.on('change', ({ keys }) =>
        this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...keys] }),
      ),
      flags.on('error', ({ fatal, message }) => {
        if (!fatal || flags.state !== 'default') return;
        tell('error', () => this.events.emit(ProviderEvents.Error, { message, errorCode: ErrorCode.PROVIDER_FATAL }));
      }),
    ];
  }
}

function resolve<T extends Json>(defaultValue: T, details: EvaluationDetails<T> | undefined): ResolutionDetails<T> {
  if (details === undefined) return { value: defaultValue, errorCode: ErrorCode.PROVIDER_NOT_READY };
  const { value, variant, reason, errorCode, errorMessage, flagMetadata, state } = details;
  return {
    value,
    reason,
    flagMetadata: { ...flagMetadata, state },
    ...(variant === undefined ? {} : { variant }),
    ...(errorCode === undefined ? {} : { errorCode: errorCode as ErrorCode, errorMessage: errorMessage ?? '' }),
  };
}

function toOpenFeatureError(failure: FlagsError | string): Error {
  if (typeof failure === 'string') return new GeneralError(failure);
  return failure.fatal ? new ProviderFatalError(failure.message) : new GeneralError(failure.message);
}
