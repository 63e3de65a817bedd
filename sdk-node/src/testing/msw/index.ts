export { type HandlersOptions, handlersFor } from './handlers-for.ts';
