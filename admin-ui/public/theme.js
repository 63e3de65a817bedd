// Runs before the first paint, so that what was chosen on this device never flashes. Without a choice the system's theme
// rules (CSS). The keys are those that src/ui/device-choice.ts writes.
try {
  for (const [name, choices] of [
    ['theme', ['light', 'dark']],
    ['density', ['compact']],
  ]) {
    const choice = localStorage.getItem(`bunting-${name}`);
    if (choices.includes(choice)) document.documentElement.dataset[name] = choice;
  }
} catch {
  // Storage is forbidden here: the system's theme stays.
}
