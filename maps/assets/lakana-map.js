/* The cards of what is on the map, the names of its regions, and the switches beside it. */
(function () {
  'use strict';

  var words = Lakana.words;
  var element = Lakana.element;
  var featuresByRank = {};

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
    layer.on('add', function () {
      var path = layer.getElement();
      path.setAttribute('tabindex', '0');
      path.setAttribute('role', 'button');
      path.setAttribute('aria-label', properties.spoken || properties.name);
    });
  }

  function feature(name) {
    return function (record, layer) {
      var properties = record.properties;
      layer.bindPopup(function () { return card(properties); });
      reachable(layer, properties);
      if (properties.rank) { featuresByRank[properties.rank] = layer; }
      if (properties.label === undefined) { return; }
      layer.bindTooltip(element('span', properties.label), {
        permanent: true, direction: 'center', opacity: 1, pane: name === 'regions' ? 'labels' : 'ranks',
        className: 'lakana-label lakana-label-' + name
      });
    };
  }

  /* ---- the map as a whole ---- */

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

  function shared(oneMiddle, oneHalf, otherMiddle, otherHalf) {
    var width = oneHalf.x + otherHalf.x - Math.abs(oneMiddle.x - otherMiddle.x);
    var height = oneHalf.y + otherHalf.y - Math.abs(oneMiddle.y - otherMiddle.y);
    return Math.max(width, 0) * Math.max(height, 0);
  }

  function leastCovered(map, places, half, signs) {
    var best;
    places.forEach(function (place) {
      var latlng = L.latLng(place[1], place[0]);
      var middle = map.latLngToLayerPoint(latlng);
      var covered = signs.reduce(function (sum, sign) {
        return sum + shared(middle, half, sign.middle, sign.half);
      }, 0);
      if (!best || covered < best.covered) { best = { latlng: latlng, covered: covered }; }
    });
    return best.latlng;
  }

  /* A name goes where signs cover it least, and is left out where its region is narrower than the name. */
  function nameRegions(map, layers) {
    var signs = Array.prototype.map.call(map.getPane('markerPane').children, function (icon) {
      return { middle: L.DomUtil.getPosition(icon), half: L.point(icon.offsetWidth, icon.offsetHeight).divideBy(2) };
    }).filter(function (sign) { return sign.middle; });
    (layers.gaps || layers.counts).eachLayer(function (circle) {
      signs.push({ middle: map.latLngToLayerPoint(circle.getLatLng()), half: L.point(circle.getRadius(), circle.getRadius()) });
    });
    layers.regions.eachLayer(function (region) {
      var tooltip = region.getTooltip();
      var label = tooltip && tooltip.getElement();
      if (!label) { return; }
      var box = region.getBounds();
      var width = map.latLngToLayerPoint(box.getNorthEast()).x - map.latLngToLayerPoint(box.getSouthWest()).x;
      var half = L.point(label.offsetWidth, label.offsetHeight).divideBy(2);
      label.classList.toggle('narrow', width < 2 * half.x);
      tooltip.setLatLng(leastCovered(map, region.feature.properties.at, half, signs));
    });
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

  /* Paper has another size than the window, and Leaflet does not hear of it by itself. */
  function print(map) {
    var shown;
    window.addEventListener('beforeprint', function () {
      shown = map.getBounds();
      map.getContainer().style.width = '1020px';
      map.getContainer().style.height = '470px';
      map.invalidateSize({ animate: false });
      map.fitBounds(shown, { animate: false });
    });
    window.addEventListener('afterprint', function () {
      map.getContainer().style.width = '';
      map.getContainer().style.height = '';
      map.invalidateSize({ animate: false });
      if (shown) { map.fitBounds(shown, { animate: false }); }
    });
  }

  function start(map, layers) {
    layers.sites.bindPopup(function (site) { return card(site.lakana.properties); });
    L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    keepAreasWide(map, layers.areas);
    function name() { nameRegions(map, layers); }
    map.on('zoomend', name);
    layers.regions.on('add', name);
    layers.sites.on('animationend', name);
    name();
    connect(map, layers);
    leadFocus(map);
    print(map);
    requestAnimationFrame(function () {
      setTimeout(function () { performance.mark('lakana-drawn'); }, 0);
    });
  }

  Lakana.feature = feature;
  Lakana.start = start;
})();
