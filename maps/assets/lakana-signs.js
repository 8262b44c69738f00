/* The signs of the sites: markers, and the rings that gather them. Text goes to textContent, and nowhere else. */
(function () {
  'use strict';

  var page = JSON.parse(document.getElementById('lakana-data').textContent);
  var words = page.words;
  var markersByFamily = {};
  var SVG = 'http://www.w3.org/2000/svg';

  function element(name, text, className) {
    var made = document.createElement(name);
    if (text !== undefined) { made.textContent = text; }
    if (className) { made.className = className; }
    return made;
  }

  function drawn(name, attributes) {
    var made = document.createElementNS(SVG, name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    return made;
  }

  /* Leaflet's DivIcon moves one element from marker to marker; this one draws a new picture for each. */
  var Picture = L.DivIcon.extend({
    createIcon: function () {
      var box = L.DivIcon.prototype.createIcon.call(this);
      box.appendChild(this.options.draw());
      box.setAttribute('aria-label', this.options.label);
      box.title = this.options.label;
      return box;
    }
  });

  function sign(family) {
    var svg = drawn('svg', { width: 20, height: 20, viewBox: '-1 -1 26 26', 'aria-hidden': 'true' });
    var attributes = { 'stroke-width': 1.6, 'stroke-linejoin': 'round' };
    attributes.d = page.signs[family].path;
    attributes.fill = page.signs[family].colour;
    // A dark sign on a dark region needs a pale edge, a pale one on pale land a dark edge.
    attributes.stroke = /^#[01]/.test(attributes.fill) ? '#ffffff' : page.ink;
    svg.appendChild(drawn('path', attributes));
    return svg;
  }

  /* The marker of a row; one that is apart belongs to no family that the legend switches. */
  function marker(row, apart) {
    var family = row[2];
    var properties = row[3];
    var made = L.marker([row[0], row[1]]);
    made.lakana = { family: family, properties: properties };
    made.setIcon(properties.number ? counted([made], properties.name) : new Picture({
      className: 'lakana-site',
      iconSize: [20, 20],
      label: properties.name,
      draw: function () { return sign(family); }
    }));
    if (apart !== true) { (markersByFamily[family] = markersByFamily[family] || []).push(made); }
    return made;
  }

  /* A marker stands for one site, or for those of a square. */
  function weight(child) { return child.lakana.properties.number || 1; }

  function total(children) {
    return children.reduce(function (sum, child) { return sum + weight(child); }, 0);
  }

  function shares(children) {
    var count = {};
    var all = total(children);
    children.forEach(function (child) {
      count[child.lakana.family] = (count[child.lakana.family] || 0) + weight(child);
    });
    return Object.keys(page.signs).filter(function (family) { return count[family]; }).map(function (family) {
      return { colour: page.signs[family].colour, share: count[family] / all };
    });
  }

  function arcs(svg, parts, middle, outer, width) {
    var radius = outer - width / 2;
    var around = 2 * Math.PI * radius;
    var done = 0;
    parts.forEach(function (part) {
      svg.appendChild(drawn('circle', {
        cx: middle, cy: middle, r: radius, fill: 'none', stroke: part.colour, 'stroke-width': width,
        'stroke-dasharray': (part.share * around) + ' ' + around, 'stroke-dashoffset': -done * around,
        transform: 'rotate(-90 ' + middle + ' ' + middle + ')'
      }));
      done += part.share;
    });
  }

  function ring(cluster) {
    var children = cluster.getAllChildMarkers();
    return counted(children, words.cluster.replace('{n}', total(children)));
  }

  /* A ring with a number, whose parts are the families of what it stands for. */
  function counted(children, label) {
    var number = total(children);
    var size = number < 10 ? 27 : number < 100 ? 33 : number < 10000 ? 40 : 50;
    return new Picture({
      className: 'lakana-ring',
      iconSize: [size, size],
      label: label,
      draw: function () {
        var middle = size / 2;
        var svg = drawn('svg', { width: size, height: size, 'aria-hidden': 'true' });
        svg.appendChild(drawn('circle', { cx: middle, cy: middle, r: middle - 1, fill: '#ffffff', stroke: page.ink }));
        var parts = shares(children);
        var width = parts.length > 1 ? 4.5 : 3;
        arcs(svg, parts, middle, middle - 1.5, width);
        svg.appendChild(drawn('circle', { cx: middle, cy: middle, r: middle - 1.5 - width, fill: '#ffffff', stroke: page.ink, 'stroke-width': 0.6 }));
        var text = drawn('text', {
          x: middle, y: middle, 'text-anchor': 'middle', 'dominant-baseline': 'central',
          'font-size': number < 100 ? 12 : number < 1000 ? 11 : 10, 'font-weight': 600, fill: page.ink
        });
        text.textContent = number;
        svg.appendChild(text);
        return svg;
      }
    });
  }

  window.Lakana = {
    words: words, card: page.card, layers: page.layers, styles: page.styles, bounds: page.bounds,
    moments: page.moments, beside: page.beside,
    families: markersByFamily, element: element, drawn: drawn, marker: marker, ring: ring,
    clusterRadius: function () { return page.clusterRadius; }
  };
})();
