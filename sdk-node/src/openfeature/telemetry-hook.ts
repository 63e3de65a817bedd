import type { EvaluationDetails, FlagValue, Hook, HookContext } from '@openfeature/server-sdk';

/** A log record as OpenTelemetry's logs API takes it. */
export interface EvaluationEvent {
  readonly eventName: 'feature_flag.evaluation';
  readonly attributes: Readonly<Record<string, string>>;
}

/** What `logs.getLogger(name)` of `@opentelemetry/api-logs` returns, as far as it is needed here. */
export interface EventLogger {
  emit(record: EvaluationEvent): void;
}

/**
 * An OpenFeature hook that records every evaluation as OpenTelemetry's event `feature_flag.evaluation` (semantic
 * conventions for feature flags in events). The value itself is left out: it may be a secret.
 *
 * ```ts
 * OpenFeature.addHooks(new TelemetryHook(logs.getLogger('flags')));
 * ```
 */
export class TelemetryHook implements Hook {
  readonly #logger: EventLogger;

  constructor(logger: EventLogger) {
    this.#logger = logger;
  }

  finally(hookContext: Readonly<HookContext>, details: EvaluationDetails<FlagValue>): void {
    const { flagKey, reason, variant, errorCode, errorMessage, flagMetadata } = details;
    const { targetingKey } = hookContext.context;
    const attributes = {
      'feature_flag.key': flagKey,
      'feature_flag.provider.name': hookContext.providerMetadata.name,
      'feature_flag.result.reason': reason?.toLowerCase() ?? 'unknown',
      'feature_flag.result.variant': variant,
      'feature_flag.context.id': flagMetadata.contextId ?? targetingKey,
      'feature_flag.set.id': flagMetadata.flagSetId,
      'feature_flag.version': flagMetadata.version,
      'error.type': errorCode?.toLowerCase(),
      'feature_flag.error.message': errorCode === undefined ? undefined : errorMessage,
    };
    const known = Object.entries(attributes).filter(([, value]) => value !== undefined);
    this.#logger.emit({
      eventName: 'feature_flag.evaluation',
      attributes: Object.fromEntries(known.map(([name, value]) => [name, String(value)])),
    });
  }
}
