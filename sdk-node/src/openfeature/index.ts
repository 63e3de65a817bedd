export { BuntingProvider, type ProviderOptions } from './provider.ts';
export { type EvaluationEvent, type EventLogger, TelemetryHook } from './telemetry-hook.ts';
