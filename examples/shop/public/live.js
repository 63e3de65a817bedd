// Replaces the live part of the visitors page by what the shop sends.
const live = document.getElementById('live');
const source = new EventSource(live.dataset.source);
source.addEventListener('live', (event) => {
  live.innerHTML = JSON.parse(event.data);
});
