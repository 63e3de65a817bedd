// Runs before the first paint, so that a chosen theme never flashes. Without a choice the system's theme rules (CSS).
// The key is the one that src/ui/theme.ts writes.
try {
  const theme = localStorage.getItem('bunting-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden here: the system's theme stays.
}
