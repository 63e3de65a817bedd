export * from './evaluation.ts';
export * from './model.ts';
export * from './sync/messages.ts';
