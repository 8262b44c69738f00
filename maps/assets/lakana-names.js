/* The names on the map: none lies under a sign or over another name, and what has no room is left out. */
(function () {
  'use strict';

  /* Localities are named from this zoom on; from afar their names would cover the country. */
  var NEAR = 7;
  /* How much of a name may be covered. */
  var COVERED = 0.08;

  function box(middle, width, height) {
    return { middle: middle, half: L.point(width, height).divideBy(2) };
  }

  function shared(one, other) {
    var width = one.half.x + other.half.x - Math.abs(one.middle.x - other.middle.x);
    var height = one.half.y + other.half.y - Math.abs(one.middle.y - other.middle.y);
    return Math.max(width, 0) * Math.max(height, 0);
  }

  function coveredShare(name, taken) {
    var area = taken.reduce(function (sum, each) { return sum + shared(name, each); }, 0);
    return area / (4 * name.half.x * name.half.y);
  }

  function signs(map, circles) {
    var taken = Array.prototype.map.call(map.getPane('markerPane').children, function (icon) {
      return box(L.DomUtil.getPosition(icon), icon.offsetWidth, icon.offsetHeight);
    }).filter(function (sign) { return sign.middle; });
    circles.forEach(function (circle) {
      var across = 2 * circle.getRadius();
      taken.push(box(map.latLngToLayerPoint(circle.getLatLng()), across, across));
    });
    return taken;
  }

  function labelOf(layer) {
    return layer.getTooltip() && layer.getTooltip().getElement();
  }

  function settle(layer, name, latlng, shown, taken) {
    labelOf(layer).classList.toggle('unseen', !shown);
    if (!shown) { return; }
    layer.getTooltip().setLatLng(latlng);
    taken.push(name);
  }

  function nameRegion(map, region, taken) {
    var label = labelOf(region);
    var bounds = region.getBounds();
    var room = map.latLngToLayerPoint(bounds.getNorthEast()).x - map.latLngToLayerPoint(bounds.getSouthWest()).x;
    var best;
    region.feature.properties.at.forEach(function (place) {
      // The places come best first, so the first that is free will do.
      if (best && best.covered <= COVERED) { return; }
      var latlng = L.latLng(place[1], place[0]);
      var name = box(map.latLngToLayerPoint(latlng), label.offsetWidth, label.offsetHeight);
      var covered = coveredShare(name, taken);
      if (!best || covered < best.covered) { best = { latlng: latlng, name: name, covered: covered }; }
    });
    settle(region, best.name, best.latlng, best.covered <= COVERED && room >= label.offsetWidth, taken);
  }

  function nameLocality(map, circle, taken) {
    var label = labelOf(circle);
    var middle = map.latLngToLayerPoint(circle.getLatLng());
    var below = middle.add([0, circle.getRadius() + label.offsetHeight / 2]);
    var name = box(below, label.offsetWidth, label.offsetHeight);
    var shown = map.getZoom() >= NEAR && coveredShare(name, taken) <= COVERED;
    settle(circle, name, map.layerPointToLatLng(below), shown, taken);
  }

  function members(map, group) {
    return group && map.hasLayer(group) ? group.getLayers() : [];
  }

  function name(map, layers) {
    function place() {
      var counts = members(map, layers.counts);
      var taken = signs(map, counts.concat(members(map, layers.gaps)));
      members(map, layers.regions).forEach(function (region) { nameRegion(map, region, taken); });
      counts.forEach(function (circle) { nameLocality(map, circle, taken); });
    }
    map.on('moveend', place);
    layers.sites.on('animationend', place);
    [layers.regions, layers.counts, layers.gaps].forEach(function (group) {
      if (group) { group.on('add remove', place); }
    });
    place();
  }

  Lakana.name = name;
})();
