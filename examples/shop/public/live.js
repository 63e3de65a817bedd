// Replaces the live part of the visitors page by what the shop sends. A table that someone has scrolled sideways or
// focused stays so.
const live = document.getElementById('live');
const source = new EventSource(live.dataset.source);
source.addEventListener('live', (event) => {
  const before = [...live.querySelectorAll('.scroll')];
  const scrolled = before.map((table) => table.scrollLeft);
  const focused = before.indexOf(document.activeElement);
  live.innerHTML = JSON.parse(event.data);
  const after = live.querySelectorAll('.scroll');
  for (const [index, left] of scrolled.entries()) after[index].scrollLeft = left;
  after[focused]?.focus({ preventScroll: true });
});
