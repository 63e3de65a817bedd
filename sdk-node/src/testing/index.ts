export type { TestValue } from './flag-document.ts';
export { forEachCombination } from './for-each-combination.ts';
export {
  createTestFlags,
  type Measured,
  type MeasuredPath,
  type RecordedExposure,
  type TestFlags,
  type TrackedEvent,
} from './test-flags.ts';
