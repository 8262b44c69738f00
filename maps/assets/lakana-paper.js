/* The map on paper: one page, upright or across, whatever the window was; and the buttons above the map. */
(function () {
  'use strict';

  /* A4 within margins of 8 mm, in pixels of 1/96 inch; some are left to rounding. */
  var MM = 96 / 25.4;
  var PAPERS = {
    landscape: { width: 281 * MM - 4, height: 194 * MM - 8 },
    portrait: { width: 194 * MM - 4, height: 281 * MM - 8 }
  };
  var GAP = 3 * MM;
  /* The frame of the map is drawn once for both papers, so its form must suit both. */
  var NARROWEST = 0.75, WIDEST = 1.4;
  /* Two maps side by side are that much wider. */
  var WIDEST_PAIR = 1.9;
  /* Its area in square pixels before it is scaled to the paper: names keep the size of small print. */
  var DRAWN = 760 * 760;
  /* How much of the paper is left to the legend at least. */
  var LANDSCAPE_MAP = 0.68, PORTRAIT_MAP = 0.74;
  var SMALLEST_TEXT = 0.45;

  function height(element, width) {
    element.style.width = width + 'px';
    var measured = element.getBoundingClientRect().height;
    element.style.width = '';
    return measured;
  }

  /* By how much a text is to shrink so that it fits. */
  function shrink(element, room) {
    for (var scale = 1; scale > SMALLEST_TEXT; scale -= 0.05) {
      if (height(element, room.width / scale) * scale <= room.height) { return scale; }
    }
    return SMALLEST_TEXT;
  }

  function form(map, bounds, paired) {
    var south = map.project(bounds.getSouthWest(), 8);
    var north = map.project(bounds.getNorthEast(), 8);
    var ratio = (north.x - south.x) / (south.y - north.y);
    return Math.min(Math.max((ratio || 1) * (paired ? 2 : 1), NARROWEST), paired ? WIDEST_PAIR : WIDEST);
  }

  /* Returns where everything stands on a paper, in pixels. */
  function layout(name, drawn, parts) {
    var paper = PAPERS[name];
    var above = parts.above.reduce(function (sum, each) { return sum + height(each, paper.width); }, 0) + GAP;
    var room = paper.height - above;
    var across = name === 'landscape';
    var scale = across
      ? Math.min(room / drawn.y, LANDSCAPE_MAP * paper.width / drawn.x)
      : Math.min(paper.width / drawn.x, PORTRAIT_MAP * room / drawn.y);
    var beside = across
      ? { width: paper.width - scale * drawn.x - GAP, height: room }
      : { width: paper.width, height: room - scale * drawn.y - GAP };
    var text = shrink(parts.panel, beside);
    return { map: scale, text: text, width: beside.width / text + 'px' };
  }

  function print(map, layers, home) {
    var root = document.documentElement;
    var parts = {
      above: Array.prototype.slice.call(document.querySelectorAll('.head, .main > .banner, .main > .borrowed')),
      panel: document.querySelector('.panel')
    };
    var shown;

    /* Who has not moved the map prints the whole of it, and not the land around that the window shows. */
    function untouched() {
      return map.getZoom() === home.zoom && map.getCenter().equals(home.middle, 0.01);
    }

    /* Clusters that still move when the paper is drawn would be drawn on their way. */
    function resize(look) {
      L.extend(layers.sites, layers.sites._noAnimation);
      map.invalidateSize({ animate: false });
      look();
      L.extend(layers.sites, layers.sites._withAnimation);
    }

    function begin() {
      if (root.classList.contains('paper')) { return; }
      shown = { middle: map.getCenter(), zoom: map.getZoom() };
      var bounds = untouched() ? home.bounds : map.getBounds();
      var ratio = form(map, bounds, Boolean(Lakana.beside));
      var drawn = L.point(Math.round(Math.sqrt(DRAWN * ratio)), Math.round(Math.sqrt(DRAWN / ratio)));
      map.closePopup();
      root.classList.add('paper');
      root.style.setProperty('--drawn-width', drawn.x + 'px');
      root.style.setProperty('--drawn-height', drawn.y + 'px');
      map.options.zoomSnap = 0;
      resize(function () {
        map.fitBounds(bounds, { animate: false, paddingTopLeft: [6, 6 + Lakana.above()], paddingBottomRight: [6, Lakana.below()] });
      });
      Object.keys(PAPERS).forEach(function (name) {
        var found = layout(name, drawn, parts);
        Object.keys(found).forEach(function (key) { root.style.setProperty('--' + name + '-' + key, found[key]); });
      });
    }

    function end() {
      root.classList.remove('paper');
      map.options.zoomSnap = 0.25;
      resize(function () { map.setView(shown.middle, shown.zoom, { animate: false }); });
    }

    window.addEventListener('beforeprint', begin);
    window.addEventListener('afterprint', end);
  }

  /* ---- the buttons above the map ---- */

  function said(button, words) {
    var before = button.textContent;
    button.textContent = words;
    setTimeout(function () { button.textContent = before; }, 2500);
  }

  /* Where a browser lends no clipboard, the address is shown to be copied by hand. */
  function byHand(button) {
    var field = Lakana.element('input');
    field.readOnly = true;
    field.value = location.href;
    field.setAttribute('aria-label', Lakana.words.copy);
    button.replaceWith(field);
    field.select();
  }

  function buttons() {
    var bar = document.querySelector('.actions');
    bar.hidden = false;
    bar.querySelector('[data-act="print"]').addEventListener('click', function () { window.print(); });
    var copy = bar.querySelector('[data-act="copy"]');
    if (location.protocol === 'file:') { copy.remove(); return; }
    copy.addEventListener('click', function () {
      if (!navigator.clipboard) { byHand(copy); return; }
      navigator.clipboard.writeText(location.href).then(
        function () { said(copy, Lakana.words.copied); }, function () { byHand(copy); }
      );
    });
  }

  Lakana.paper = print;
  Lakana.buttons = buttons;
})();
