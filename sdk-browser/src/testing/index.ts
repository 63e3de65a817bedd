export { forEachCombination } from './for-each-combination.ts';
export {
  createTestFlags,
  type RecordedExposure,
  type TestFlags,
  type TrackedEvent,
} from './test-flags.ts';
