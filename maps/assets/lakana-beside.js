/* A second map beside the first: the two move together, so that a place is looked at in both. */
(function () {
  'use strict';

  function pane(map, other, name) {
    if (!other.getPane(name)) { other.createPane(name).style.zIndex = map.getPane(name).style.zIndex; }
  }

  function shapes(name) {
    return L.geoJSON({ type: 'FeatureCollection', features: Lakana.beside[name] }, {
      pane: name, style: Lakana.style(name), pointToLayer: Lakana.circle(name), onEachFeature: Lakana.feature(name),
      smoothFactor: 0.6
    });
  }

  function sites() {
    var group = L.markerClusterGroup({
      maxClusterRadius: Lakana.clusterRadius, iconCreateFunction: Lakana.ring, showCoverageOnHover: false, animate: false
    });
    group.addLayers(Lakana.beside.sites.map(function (row) { return Lakana.marker(row, true); }));
    return group;
  }

  /* Whichever is moved takes the other along; the one that follows does not lead back. */
  function together(one, other) {
    var following = false;
    function lead(from, to) {
      from.on('move', function () {
        if (following) { return; }
        following = true;
        to.setView(from.getCenter(), from.getZoom(), { animate: false });
        following = false;
      });
    }
    lead(one, other);
    lead(other, one);
  }

  function pair(map, card, popup) {
    var other = L.map('lakana_beside', {
      zoomControl: false, attributionControl: false, zoomSnap: map.options.zoomSnap,
      minZoom: map.options.minZoom, maxZoom: map.options.maxZoom
    }).setView(map.getCenter(), map.getZoom());
    var layers = {};
    Object.keys(map.getPanes()).forEach(function (name) { pane(map, other, name); });
    Object.keys(Lakana.layers).forEach(function (name) {
      layers[name] = (name === 'sites' ? sites() : shapes(name)).addTo(other);
    });
    layers.sites.bindPopup(function (site) { return card(site.lakana.properties); }, popup);
    ['neighbours', 'water', 'names', 'towns'].forEach(function (name) { other.getPane(name).setAttribute('aria-hidden', 'true'); });
    Array.prototype.forEach.call(document.querySelectorAll('input[data-layer]'), function (input) {
      input.addEventListener('change', function () {
        other[input.checked ? 'addLayer' : 'removeLayer'](layers[input.dataset.layer]);
      });
    });
    var place = Lakana.place;
    Lakana.name(other, layers);
    Lakana.place = place;
    Lakana.leadFocus(other);
    together(map, other);
    map.on('resize', function () {
      other.invalidateSize({ animate: false });
      other.options.zoomSnap = map.options.zoomSnap;
    });
    return other;
  }

  Lakana.pair = pair;
})();
