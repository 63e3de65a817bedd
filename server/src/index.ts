export { type AppOverrides, buildApp } from './app.ts';
export type { Config } from './config/config.ts';
export { ConfigError, type ConfigInput, readConfig } from './config/read-config.ts';
export type { Services } from './services.ts';
export type { FirstKey } from './setup/first-project.ts';
export { IN_MEMORY } from './store/open-sqlite.ts';
export { StoreError } from './store/store-error.ts';
