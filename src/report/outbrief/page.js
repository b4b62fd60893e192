// The page is whole without this. With it, drawings answer a pointer and the arrow keys with what
// they show at a moment, links such as #t=18:21 lead there, and segments can be filtered.
(() => {
  const all = (selector, of = document) => [...of.querySelectorAll(selector)];
  const number = (svg, name) => Number(svg.dataset[name]);
  const note = document.createElement('p');
  note.className = 'under';
  note.setAttribute('role', 'status');
  note.hidden = true;
  document.body.append(note);
  const clocks = all('svg[data-clock]');
  const two = (n) => String(n).padStart(2, '0');
  // Pairs of seconds since the start and local seconds: a pair for each change of the zone's offset.
  const pairs = (svg) => svg.dataset.clock.split(' ').map((pair) => pair.split(':').map(Number));
  const local = (svg, at) => {
    const [from, clock] = pairs(svg).filter(([from]) => from <= at).pop() || pairs(svg)[0];
    return clock + at - from;
  };
  const written = (svg, at) => {
    const seconds = Math.floor(local(svg, at));
    const day = Math.floor(seconds / 86400);
    const clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60];
    return (day ? `${day}d` : '') + clock.map((part) => two(Math.floor(part))).join(':');
  };
  const texts = (svg, at) => {
    const x = number(svg, 'left') + (at - number(svg, 'from')) / number(svg, 'per');
    const over = (rect) => {
      const left = Number(rect.getAttribute('x'));
      return left <= x && x < left + Number(rect.getAttribute('width'));
    };
    const marks = all('rect.piece, rect.fault, rect.pending, rect.firing, rect.nodata, rect.asked, '
      + 'rect.unanswered, rect.deploying, rect.stands, rect.gap, rect.boxed', svg).filter(over);
    const said = marks.map((mark) => mark.querySelector('title')).filter(Boolean);
    return [...new Set(said.map((title) => title.textContent))];
  };
  const felt = (svg, at) => {
    const figure = svg.closest('figure');
    const source = figure && figure.querySelector('svg[data-values]');
    if (!source) return [];
    const values = source.dataset.values.split(' ');
    const value = values[Math.floor((at - number(source, 'first')) / number(source, 'step'))];
    if (value === undefined) return [];
    return [value === '-' ? 'no value' : `${value} % without a good answer`];
  };
  const shown = (svg) => svg.getClientRects().length > 0;
  let last = null;
  const show = (svg, at) => {
    at = Math.min(Math.max(at, number(svg, 'from')), number(svg, 'to'));
    last = [svg, at];
    all('line.cross').forEach((line) => line.remove());
    const line = document.createElementNS(svg.namespaceURI, 'line');
    const x = number(svg, 'left') + (at - number(svg, 'from')) / number(svg, 'per');
    const height = svg.viewBox.baseVal.height - 22;
    Object.entries({ class: 'cross', x1: x, x2: x, y1: 16, y2: height })
      .forEach(([name, value]) => line.setAttribute(name, value));
    svg.append(line);
    note.textContent = [written(svg, at), ...felt(svg, at), ...texts(svg, at)].join(' · ');
    note.hidden = false;
  };
  const moment = (svg, event) => {
    const box = svg.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
    return number(svg, 'from') + (x - number(svg, 'left')) * number(svg, 'per');
  };
  for (const svg of clocks) {
    svg.setAttribute('tabindex', '0');
    svg.addEventListener('pointermove', (event) => show(svg, moment(svg, event)));
    svg.addEventListener('pointerleave', () => { note.hidden = true; });
    svg.addEventListener('click', (event) => {
      if (event.target.closest('a')) return;
      history.replaceState(null, '', `#t=${written(svg, moment(svg, event))}`);
    });
    svg.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const begin = last && last[0] === svg ? last[1] : number(svg, 'from');
      show(svg, begin + step * (number(svg, 'to') - number(svg, 'from')) / 100);
    });
  }
  for (const svg of all('svg[data-trials]')) {
    const trials = svg.dataset.trials.split(' ');
    const figure = svg.closest('figure');
    all('svg.runs', figure).forEach((drawing) => drawing.addEventListener('pointermove', (event) => {
      const box = drawing.getBoundingClientRect();
      const y = (event.clientY - box.top) / box.height * drawing.viewBox.baseVal.height;
      const row = Math.floor((y - number(drawing, 'top')) / number(drawing, 'height'));
      note.hidden = !(row in trials);
      if (row in trials) note.textContent = `no. ${row + 1} of ${trials.length}: --trial ${trials[row]}`;
    }));
    all('svg.runs', figure).forEach((drawing) => drawing.addEventListener('pointerleave', () => {
      note.hidden = true;
    }));
  }
  const follow = () => {
    const wanted = /^#t=(?:(\d+)d)?(\d\d?):(\d\d)(?::(\d\d))?$/.exec(location.hash);
    if (!wanted) return;
    const [day, hour, minute, second] = wanted.slice(1).map((part) => Number(part || 0));
    const seconds = ((day * 24 + hour) * 60 + minute) * 60 + second;
    const at = (svg) => pairs(svg).map(([from, clock]) => from + seconds - clock)
      .find((at) => number(svg, 'from') <= at && at <= number(svg, 'to')
        && Math.abs(local(svg, at) - seconds) < 1);
    const svg = clocks.filter(shown).find((svg) => at(svg) !== undefined);
    if (!svg) return;
    svg.scrollIntoView({ block: 'center' });
    show(svg, at(svg));
  };
  addEventListener('hashchange', follow);
  addEventListener('keydown', (event) => {
    const typing = event.target.closest && event.target.closest('input');
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') note.hidden = true;
    const figure = all('figure[id^="incident-"]')[Number(event.key) - 1];
    if (figure) figure.scrollIntoView({ block: 'start' });
  });
  const table = document.querySelector('#segments');
  if (table && all('tbody tr', table).length > 5) {
    const label = document.createElement('label');
    label.className = 'filter';
    label.textContent = 'Only segments with ';
    const input = document.createElement('input');
    input.type = 'search';
    input.addEventListener('input', () => {
      const wanted = input.value.trim().toLowerCase();
      all('tbody tr', table).forEach((row) => {
        row.hidden = !row.dataset.name.toLowerCase().includes(wanted);
      });
    });
    label.append(input);
    table.before(label);
  }
  follow();
})();
