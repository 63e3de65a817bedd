export { connect } from '@bunting/browser';
export { FlagsProvider, useFlag } from '@bunting/browser/react';
