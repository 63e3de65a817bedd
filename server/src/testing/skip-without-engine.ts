import { beforeEach } from 'vitest';
import { isEngineAvailable } from './test-database.ts';

beforeEach(({ skip }) => skip(!isEngineAvailable));
