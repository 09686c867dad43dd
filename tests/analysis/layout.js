// Appended to a page by test-analysis-report.c: what does not fit, a line each, takes the place of the
// page. Texts of pictures must be inside them, and none may lie on another. Stories of searches, opened, must
// not widen their table.
const bad = [];
if (document.documentElement.scrollWidth > document.documentElement.clientWidth) bad.push('page too wide');
for (const story of document.querySelectorAll('details')) {
  const table = story.closest('table'), before = table.offsetWidth;
  story.open = true;
  const text = story.querySelector('pre').getBoundingClientRect();
  if (table.offsetWidth > before || text.right > table.getBoundingClientRect().right || text.height < 20)
    bad.push('story: ' + story.textContent);
}
for (const figure of document.querySelectorAll('figure')) {
  const svg = figure.querySelector('svg'), box = svg.getBoundingClientRect();
  const scale = box.width / 900;
  if (box.width < 100 || box.height < 100) bad.push(figure.id + ': no size');
  const seen = [];
  for (const text of svg.querySelectorAll('text')) {
    const words = text.textContent.trim();
    if (words === '') continue;
    const r = text.getBoundingClientRect();
    if (r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1 || r.bottom > box.bottom + 1)
      bad.push(figure.id + ': outside: ' + words);
    for (const [other, s] of seen) {
      const w = Math.min(r.right, s.right) - Math.max(r.left, s.left);
      const h = Math.min(r.bottom, s.bottom) - Math.max(r.top, s.top);
      if (other === words && Math.abs(r.left - s.left) < 1 && Math.abs(r.top - s.top) < 1) continue;
      if (w > 1 * scale && h > 4 * scale) bad.push(figure.id + ': "' + other + '" on "' + words + '" ' + w.toFixed(1) + 'x' + h.toFixed(1));
    }
    seen.push([words, r]);
  }
}
document.body.innerHTML = '<pre id="layout">' + bad.map(s => s.replace(/&/g, '&amp;').replace(/</g, '&lt;')).map(s => s + '\n').join('') + 'DONE</pre>';
