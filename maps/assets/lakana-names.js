/* The names on the map: none lies under a sign or over another name, and what has no room is left out. */
(function () {
  'use strict';

  /* Localities are named from this zoom on; from afar their names would cover the country. */
  var NEAR = 7;
  /* How far from its place a name stands that has a sign there. */
  var BESIDE_SIGN = 11;
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

  /* The buttons, the scale and the credit, which lie over the map. */
  function furniture(map) {
    var frame = map.getContainer().getBoundingClientRect();
    var every = document.querySelectorAll('.stage .leaflet-control, .stage .credit');
    return Array.prototype.map.call(every, function (each) {
      var seen = each.getBoundingClientRect();
      var middle = [seen.left + seen.width / 2 - frame.left, seen.top + seen.height / 2 - frame.top];
      return box(map.containerPointToLayerPoint(middle), seen.width, seen.height);
    });
  }

  /* The ground is named where its name lies wholly in the window, and what matters little from near only. */
  function nameGround(map, each, taken) {
    if (each.feature.properties.near && map.getZoom() < NEAR) { labelOf(each).classList.add('unseen'); return; }
    var seen = map.getSize();
    var corner = map.containerPointToLayerPoint([0, 0]);
    nameArea(map, each, taken, Infinity, box(corner.add(seen.divideBy(2)), seen.x, seen.y));
  }

  function nameRegion(map, region, taken) {
    var bounds = region.getBounds();
    var room = map.latLngToLayerPoint(bounds.getNorthEast()).x - map.latLngToLayerPoint(bounds.getSouthWest()).x;
    nameArea(map, region, taken, room);
  }

  function lies(name, within) {
    return ['x', 'y'].every(function (axis) {
      return Math.abs(name.middle[axis] - within.middle[axis]) + name.half[axis] <= within.half[axis];
    });
  }

  /* At the first of its places that is free, and inside a box where one is given. */
  function nameArea(map, region, taken, room, within) {
    var label = labelOf(region);
    var best;
    region.feature.properties.at.forEach(function (place) {
      // The places come best first, so the first that is free will do.
      if (best && best.covered <= COVERED) { return; }
      var latlng = L.latLng(place[1], place[0]);
      var name = box(map.latLngToLayerPoint(latlng), label.offsetWidth, label.offsetHeight);
      var covered = coveredShare(name, taken);
      if (within && !lies(name, within)) { return; }
      if (!best || covered < best.covered) { best = { latlng: latlng, name: name, covered: covered }; }
    });
    if (!best) { label.classList.add('unseen'); return; }
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

  /* A town is shown with its name or not at all, and the larger ones from farther. */
  function nameTown(map, town, taken) {
    var label = labelOf(town);
    var middle = map.latLngToLayerPoint(town.getLatLng());
    var near = map.getZoom() >= town.feature.properties.from;
    var down = label.offsetHeight / 2, across = label.offsetWidth / 2 + BESIDE_SIGN;
    // Most towns have a sign at their place: then the name stands beside it.
    var names = [[0, down + 2], [0, down + BESIDE_SIGN], [0, -down - BESIDE_SIGN], [across, 0], [-across, 0]].map(function (by) {
      return box(middle.add(by), label.offsetWidth, label.offsetHeight);
    });
    var free = near && names.filter(function (name) { return coveredShare(name, taken) <= COVERED; })[0];
    town.getElement().classList.toggle('unseen', !free);
    settle(town, free, free && map.layerPointToLatLng(free.middle), Boolean(free), taken);
  }

  function members(map, group) {
    return group && map.hasLayer(group) ? group.getLayers() : [];
  }

  function name(map, layers) {
    function place() {
      var counts = members(map, layers.counts).concat(members(map, layers.hotspots).filter(labelOf));
      var taken = signs(map, counts.concat(members(map, layers.gaps)));
      members(map, layers.regions).forEach(function (region) { nameRegion(map, region, taken); });
      counts.forEach(function (circle) { nameLocality(map, circle, taken); });
      taken = taken.concat(furniture(map));
      members(map, layers.water).concat(members(map, layers.neighbours)).filter(labelOf).forEach(function (each) {
        nameGround(map, each, taken);
      });
      members(map, layers.towns).forEach(function (town) { nameTown(map, town, taken); });
    }
    map.on('moveend', place);
    layers.sites.on('animationend', place);
    [layers.regions, layers.counts, layers.gaps, layers.hotspots].forEach(function (group) {
      if (group) { group.on('add remove', place); }
    });
    Lakana.place = place;
    place();
  }

  Lakana.name = name;
})();
