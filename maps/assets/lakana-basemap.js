/* A basemap that the reader brings: an archive of pictures (PMTiles) on their own disk, drawn beneath the map.
   The file is read here and goes nowhere; nothing is fetched. */
(function () {
  'use strict';

  /* The kinds of tiles that are pictures, by their number in the header of PMTiles 3. */
  var PICTURES = { 2: 'image/png', 3: 'image/jpeg', 4: 'image/webp', 5: 'image/avif' };
  /* What lies over a basemap lets it shine through. */
  var OVER = 0.55;
  var DEEPEST = 16;

  function shown(img, found, kind, done) {
    var address = URL.createObjectURL(new Blob([found.data], { type: kind }));
    img.onload = function () { URL.revokeObjectURL(address); done(null, img); };
    img.onerror = function () { URL.revokeObjectURL(address); done(new Error('no picture'), img); };
    img.src = address;
  }

  var Tiles = L.GridLayer.extend({
    createTile: function (at, done) {
      var kind = this.options.kind;
      var img = document.createElement('img');
      img.alt = '';
      this.options.archive.getZxy(at.z, at.x, at.y).then(function (found) {
        if (found) { shown(img, found, kind, done); } else { done(null, img); }
      }, function (error) { done(error, img); });
      return img;
    }
  });

  /* An attribution may be markup: its text alone is shown. */
  function credit(metadata) {
    var told = String((metadata && metadata.attribution) || '').replace(/<[^>]*>/g, '').slice(0, 200);
    var place = document.querySelector('.credit');
    var line = document.querySelector('.credit .brought') || (place && place.appendChild(Lakana.element('span', '', 'brought')));
    if (line) { line.textContent = told ? ' ' + told : ''; }
  }

  function lay(maps, archive, header) {
    maps.forEach(function (map) {
      if (map.lakanaBasemap) { map.lakanaBasemap.remove(); }
      map.lakanaBasemap = new Tiles({
        archive: archive, kind: PICTURES[header.tileType], minNativeZoom: header.minZoom, maxNativeZoom: header.maxZoom,
        maxZoom: DEEPEST, keepBuffer: 1
      }).addTo(map);
      map.setMaxZoom(Math.max(map.getMaxZoom(), Math.min(header.maxZoom, DEEPEST)));
      map.getPane('regions').style.opacity = OVER;
    });
  }

  function basemap(maps) {
    var input = document.getElementById('basemap');
    var said = document.getElementById('basemap-said');
    input.addEventListener('change', function () {
      said.textContent = '';
      if (!input.files.length) { return; }
      var archive = new pmtiles.PMTiles(new pmtiles.FileSource(input.files[0]));
      archive.getHeader().then(function (header) {
        if (!PICTURES[header.tileType]) { throw new Error('no pictures'); }
        lay(maps, archive, header);
        return archive.getMetadata().then(credit);
      }).catch(function () { said.textContent = Lakana.words.basemap_refused; });
    });
  }

  Lakana.basemap = basemap;
})();
