export type { ErrorCode, EvaluationContext, Json, Reason, Revision } from '@bunting/core';
export { connect } from './connect.ts';
export type { FlagsEventName, FlagsEvents, FlagsListener, ListenerOptions } from './events.ts';
export type { EvaluationDetails, Evaluations, Flags, FlagsState, Readiness } from './flags.ts';
export { FlagsError, type FlagsErrorCode } from './flags-error.ts';
export type { Hook, HookContext } from './hooks.ts';
export type { Logger } from './logger.ts';
export type { ConnectOptions } from './options.ts';
export type { TransportName } from './transports/transport.ts';
