export { connect } from '@bunting/browser';
