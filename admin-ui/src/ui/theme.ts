import { keepChoice, readChoice } from './device-choice.ts';

export type Theme = 'system' | 'light' | 'dark';

/** The theme chosen on this device; `system` when none was, or when storage is forbidden. */
export function readTheme(): Theme {
  const theme = readChoice('theme');
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Applies a theme at once and keeps it for the next visit. */
export function chooseTheme(theme: Theme): void {
  keepChoice('theme', theme === 'system' ? undefined : theme);
}
