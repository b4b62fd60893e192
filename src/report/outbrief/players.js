// Loads the page again and again, and shows of a drawing that is wider than the screen what is new.
(() => {
  const { again, now } = document.body.dataset;
  document.querySelectorAll('.wide').forEach((wide) => {
    wide.scrollLeft = now * wide.scrollWidth - 0.8 * wide.clientWidth;
  });
  setTimeout(() => location.reload(), 1000 * again);
})();
