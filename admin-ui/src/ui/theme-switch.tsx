import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { Segmented } from './segmented.tsx';
import { chooseTheme, readTheme } from './theme.ts';

const options = [
  { value: 'system', label: <Monitor aria-hidden />, name: 'System theme' },
  { value: 'light', label: <Sun aria-hidden />, name: 'Light theme' },
  { value: 'dark', label: <Moon aria-hidden />, name: 'Dark theme' },
] as const;

export function ThemeSwitch() {
  const [theme, setTheme] = useState(readTheme);
  return (
    <Segmented
      label="Theme"
      value={theme}
      options={options}
      onChange={(next) => {
        chooseTheme(next);
        setTheme(next);
      }}
    />
  );
}
