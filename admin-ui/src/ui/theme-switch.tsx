import { msg, t } from '@lingui/core/macro';
import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { Segmented } from './segmented.tsx';
import { chooseTheme, readTheme } from './theme.ts';

const options = [
  { value: 'system', label: <Monitor aria-hidden />, name: msg`System theme` },
  { value: 'light', label: <Sun aria-hidden />, name: msg`Light theme` },
  { value: 'dark', label: <Moon aria-hidden />, name: msg`Dark theme` },
] as const;

export function ThemeSwitch() {
  const [theme, setTheme] = useState(readTheme);
  return (
    <Segmented
      label={t`Theme`}
      value={theme}
      options={options}
      onChange={(next) => {
        chooseTheme(next);
        setTheme(next);
      }}
    />
  );
}
