/* The cards of what is on the map, and the switches beside it. */
(function () {
  'use strict';

  var words = Lakana.words;
  var element = Lakana.element;
  var featuresByRank = {};
  /* A card opens clear of the buttons in the corner. */
  var BESIDE = { maxWidth: 280, autoPanPaddingTopLeft: [54, 10], autoPanPaddingBottomRight: [10, 10] };

  /* ---- cards ---- */

  function lines(properties) {
    var list = element('dl');
    Lakana.card.forEach(function (key) {
      if (properties[key] === undefined || properties[key] === null) { return; }
      list.appendChild(element('dt', words[key]));
      list.appendChild(element('dd', properties[key]));
    });
    return list;
  }

  function fill(card, properties, heading) {
    card.appendChild(element(heading, properties.name));
    if (properties.note) { card.appendChild(element('p', properties.note)); }
    card.appendChild(lines(properties));
    if (properties.illustrative) { card.appendChild(element('p', words.illustrative, 'badge')); }
    (properties.sites || []).forEach(function (site) { fill(card, site, 'h4'); });
  }

  function card(properties) {
    var made = element('div', undefined, 'card');
    made.tabIndex = -1;
    fill(made, properties, 'h3');
    return made;
  }

  /* ---- features ---- */

  /* An SVG path is no stop for the Tab key by itself; Leaflet opens its card on Enter once it is one. */
  function reachable(layer, properties) {
    var spoken = properties.spoken || properties.name;
    layer.on('add', function () {
      var path = layer.getElement();
      path.setAttribute('tabindex', '0');
      path.setAttribute('role', 'button');
      path.setAttribute('aria-label', spoken);
      if (!(layer instanceof L.CircleMarker)) { return; }
      path.appendChild(Lakana.drawn('title', {})).textContent = spoken;
    });
  }

  var LABELS = { gaps: 'ranks', neighbours: 'names', water: 'names', towns: 'names' };
  /* What the map is drawn on says nothing to those who hear the page: it is on no card and in no figure. */
  var GROUND = ['neighbours', 'water', 'names', 'towns'];

  function feature(name) {
    return function (record, layer) {
      var properties = record.properties;
      if (properties.name !== undefined) {
        layer.bindPopup(function () { return card(properties); }, BESIDE);
        reachable(layer, properties);
      }
      if (properties.rank) { featuresByRank[properties.rank] = layer; }
      if (properties.label === undefined) { return; }
      layer.bindTooltip(element('span', properties.label.join('\n')), {
        permanent: true, direction: 'center', opacity: 1, pane: LABELS[name] || 'labels',
        className: 'lakana-label lakana-label-' + name + (properties.dark ? ' on-dark' : '')
      });
    };
  }

  /* A function of Leaflet's for the shapes of a layer: its own style, with what a feature says of itself. */
  function style(name) {
    return function (record) {
      var properties = record.properties;
      var drawn = L.extend({ pane: name }, Lakana.styles[name]);
      if (properties.fill) { drawn.fillColor = properties.fill; }
      if (properties.line) { drawn.color = properties.line; drawn.fillOpacity = 0.95; }
      if (properties.dash) { drawn.dashArray = properties.dash; }
      if (properties.weight !== undefined) { drawn.weight = properties.weight; }
      return drawn;
    };
  }

  /* Points are circles: of metres where they stand for an area, else of pixels. */
  function circle(name) {
    return function (record, latlng) {
      var properties = record.properties;
      var drawn = style(name)(record);
      drawn.radius = properties.radius_m || properties.px;
      drawn.interactive = properties.name !== undefined;
      return properties.radius_m ? L.circle(latlng, drawn) : L.circleMarker(latlng, drawn);
    };
  }

  /* ---- the map as a whole ---- */

  /* What the credit covers at the foot of the map. */
  function below() {
    var credit = document.querySelector('.credit');
    return (credit ? credit.offsetHeight : 0) + 6;
  }

  /* What the words above each of two maps cover. */
  function above() {
    var words = document.querySelector('.shows');
    return words ? words.offsetHeight : 0;
  }

  function whole() {
    return { paddingTopLeft: [12, 12 + Lakana.above()], paddingBottomRight: [12, below()], animate: false };
  }

  /* The layers come empty; what they hold is data, and stands in the page as nothing but JSON. */
  function fillLayers(map, layers) {
    map.fitBounds(Lakana.bounds, whole());
    Object.keys(layers).forEach(function (name) {
      if (name === 'sites') {
        layers.sites.addLayers(Lakana.layers.sites.map(function (row) { return Lakana.marker(row); }));
      } else {
        layers[name].addData(Lakana.layers[name]);
      }
    });
  }

  /* From afar an area of 10 km would shrink to a dot, and a dot reads as an address. */
  function keepAreasWide(map, areas) {
    var least = 15;
    function widen() {
      areas.eachLayer(function (circle) {
        circle.lakanaRadius = circle.lakanaRadius || circle.getRadius();
        var middle = map.latLngToLayerPoint(circle.getLatLng());
        var metres = map.distance(circle.getLatLng(), map.layerPointToLatLng(middle.add([0, least])));
        circle.setRadius(Math.max(circle.lakanaRadius, metres));
      });
    }
    map.on('zoomend', widen);
    widen();
  }

  function eachInput(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  function connect(map, layers) {
    eachInput('input[data-layer]', function (input) {
      input.addEventListener('change', function () {
        map[input.checked ? 'addLayer' : 'removeLayer'](layers[input.dataset.layer]);
      });
    });
    eachInput('input[data-family]', function (input) {
      input.addEventListener('change', function () {
        layers.sites[input.checked ? 'addLayers' : 'removeLayers'](Lakana.families[input.dataset.family] || []);
      });
    });
    eachInput('input[data-all]', function (head) {
      var inputs = Array.prototype.slice.call(head.closest('fieldset').querySelectorAll('li input'));
      head.addEventListener('change', function () {
        // Each line tells the heading of its change, so what the reader asked for is kept first.
        var wanted = head.checked;
        inputs.forEach(function (input) { if (input.checked !== wanted) { input.click(); } });
      });
      inputs.forEach(function (input) {
        input.addEventListener('change', function () {
          head.checked = inputs.every(function (each) { return each.checked; });
          head.indeterminate = !head.checked && inputs.some(function (each) { return each.checked; });
        });
      });
    });
    eachInput('button[data-gap]', function (button) {
      button.addEventListener('click', function () {
        var gap = featuresByRank[button.dataset.gap];
        if (!map.hasLayer(gap)) { return; }
        // A card that opens while the map still moves would stop it on its way.
        map.setView(gap.getLatLng(), Math.max(map.getZoom(), 7), { animate: false });
        gap.openPopup();
      });
    });
  }

  var Whole = L.Control.extend({
    options: { position: 'topleft' },
    onAdd: function (map) {
      var bounds = this.options.bounds;
      var bar = element('div', undefined, 'leaflet-bar');
      var button = bar.appendChild(element('button', undefined, 'whole'));
      var picture = Lakana.drawn('svg', { width: 16, height: 16, viewBox: '0 0 16 16', 'aria-hidden': 'true' });
      picture.appendChild(Lakana.drawn('path', {
        d: 'M6 1H1v5M10 1h5v5M15 10v5h-5M6 15H1v-5', fill: 'none', stroke: 'currentColor', 'stroke-width': 2
      }));
      button.appendChild(picture);
      button.type = 'button';
      button.title = words.whole;
      button.setAttribute('aria-label', words.whole);
      L.DomEvent.disableClickPropagation(bar);
      button.addEventListener('click', function () {
        map.closePopup();
        map.fitBounds(bounds, whole());
      });
      return bar;
    }
  });

  /* The reader who opens a card by the keyboard reads it next, and comes back to where it was opened. */
  function leadFocus(map) {
    map.on('popupopen', function (event) {
      var box = event.popup.getElement();
      box.querySelector('.leaflet-popup-close-button').setAttribute('aria-label', words.close);
      box.querySelector('.card').focus({ preventScroll: true });
    });
    // Leaflet hears Escape only while the map itself has the focus, and the card has it now.
    map.getContainer().addEventListener('keydown', function (event) {
      if (event.key === 'Escape') { map.closePopup(); }
    });
    map.on('popupclose', function (event) {
      var opener = event.popup._source && event.popup._source.getElement && event.popup._source.getElement();
      if (opener && event.popup.getElement().contains(document.activeElement)) { opener.focus({ preventScroll: true }); }
    });
  }

  /* ---- the times of a map ---- */

  function connectMoments(map, layers) {
    var slider = document.getElementById('moment');
    if (!slider) { return; }
    var box = slider.closest('.moments');
    slider.addEventListener('input', function () {
      var moment = Lakana.moments[Number(slider.value)];
      map.closePopup();
      Object.keys(moment.layers).forEach(function (name) {
        layers[name].clearLayers();
        layers[name].addData(moment.layers[name]);
      });
      box.querySelector('output').textContent = moment.label;
      box.querySelector('.note').textContent = moment.note;
      slider.setAttribute('aria-valuetext', moment.label);
      Lakana.place();
    });
  }

  var North = L.Control.extend({
    options: { position: 'bottomleft' },
    onAdd: function () {
      var box = element('div', undefined, 'north');
      var picture = Lakana.drawn('svg', { width: 20, height: 34, viewBox: '0 0 20 34', role: 'img', 'aria-label': words.north });
      picture.appendChild(Lakana.drawn('path', {
        d: 'M10 13 17 32 10 27 3 32Z', fill: '#ffffff', stroke: '#1d2733', 'stroke-width': 1.2, 'stroke-linejoin': 'round'
      }));
      picture.appendChild(Lakana.drawn('path', { d: 'M10 13V27L3 32Z', fill: '#1d2733' }));
      picture.appendChild(Lakana.drawn('path', { d: 'M6.5 10V1L13.5 10V1', fill: 'none', stroke: '#1d2733', 'stroke-width': 1.8 }));
      box.appendChild(picture);
      return box;
    }
  });

  /* The whole land; but ways lead from one place, and their map is of what they reach. */
  function homeOf(map, layers) {
    var bounds = layers.ways ? L.latLngBounds(Lakana.bounds) : layers.regions.getBounds();
    return bounds.isValid() ? bounds : map.getBounds();
  }

  function start(map, layers) {
    // They take height from the map, so they come first.
    Lakana.buttons();
    map.invalidateSize({ animate: false });
    // A map that still moves when its layers arrive lays them out twice, and swallows the reader's first click.
    fillLayers(map, layers);
    GROUND.forEach(function (pane) { map.getPane(pane).setAttribute('aria-hidden', 'true'); });
    layers.sites.bindPopup(function (site) { return card(site.lakana.properties); }, BESIDE);
    L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
    new Whole({ bounds: homeOf(map, layers) }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    new North().addTo(map);
    if (layers.areas) { keepAreasWide(map, layers.areas); }
    Lakana.name(map, layers);
    var beside = Lakana.beside && Lakana.pair(map, card, BESIDE);
    connect(map, layers);
    connectMoments(map, layers);
    leadFocus(map);
    Lakana.basemap(beside ? [map, beside] : [map]);
    Lakana.paper(map, layers, { bounds: homeOf(map, layers), zoom: map.getZoom(), middle: map.getCenter() });
    requestAnimationFrame(function () {
      setTimeout(function () { performance.mark('lakana-drawn'); }, 0);
    });
  }

  Lakana.feature = feature;
  Lakana.style = style;
  Lakana.circle = circle;
  Lakana.below = below;
  Lakana.above = above;
  Lakana.leadFocus = leadFocus;
  Lakana.start = start;
})();
