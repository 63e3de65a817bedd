export { connect } from './connect.ts';
export type {
  ErrorCode,
  EvaluationDetails,
  Flags,
  FlagsEventName,
  FlagsEvents,
  FlagsListener,
  FlagsState,
  Readiness,
  WaitOptions,
} from './flags.ts';
export { FlagsError, type FlagsErrorCode } from './flags-error.ts';
export type { ConnectOptions } from './options.ts';
export type { EvaluationContext, Json, Reason, Revision } from './protocol.ts';
