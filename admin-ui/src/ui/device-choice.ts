/**
 * A choice that someone made on this device: an attribute of the page's root, which styles follow, kept for the next
 * visit. `public/theme.js` puts it back before the first paint.
 */
export function readChoice(name: 'theme' | 'density'): string | undefined {
  return document.documentElement.dataset[name];
}

/** Applies a choice at once and keeps it; undefined takes it back. */
export function keepChoice(name: 'theme' | 'density', value: string | undefined): void {
  const { dataset } = document.documentElement;
  if (value === undefined) delete dataset[name];
  else dataset[name] = value;
  try {
    if (value === undefined) localStorage.removeItem(`bunting-${name}`);
    else localStorage.setItem(`bunting-${name}`, value);
  } catch {
    // Storage is forbidden here: the choice lasts as long as the page.
  }
}
