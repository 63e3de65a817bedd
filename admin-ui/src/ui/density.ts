import { keepChoice, readChoice } from './device-choice.ts';

export type Density = 'comfortable' | 'compact';

/** How much fits on a page: one token, `--spacing`, which every distance is a multiple of. */
export function readDensity(): Density {
  return readChoice('density') === 'compact' ? 'compact' : 'comfortable';
}

export function chooseDensity(density: Density): void {
  keepChoice('density', density === 'compact' ? density : undefined);
}
