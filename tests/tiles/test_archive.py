"""The archive holds the public's tiles, each as the server gives it."""

from __future__ import annotations

import gzip

import pytest
from pmtiles.reader import MmapSource, Reader
from typer.testing import CliRunner

from api.cli.main import app
from geo.queries.tiles.tile import LAYERS, Tile
from tests.tiles.conftest import path, tile_at

pytestmark = pytest.mark.database


def test_the_archive_holds_the_tiles_of_the_server(tmp_path, monkeypatch, seeded_url, http):
    monkeypatch.setenv("LAKANA_DATABASE_URL", seeded_url)
    monkeypatch.setenv("LAKANA_DATA_DIR", str(tmp_path))
    out = tmp_path / "mali.pmtiles"
    done = CliRunner().invoke(app, ["tiles", "export", "--out", str(out), "--zoom", "6"])
    assert done.exit_code == 0, done.output
    with out.open("rb") as file:
        reader = Reader(MmapSource(file))
        header = reader.header()
        assert (header["min_zoom"], header["max_zoom"]) == (0, 6)
        assert [each["id"] for each in reader.metadata()["vector_layers"]] == list(LAYERS)
        for tile in (Tile(0, 0, 0), *(tile_at(zoom, -8.0, 12.65) for zoom in (3, 6))):
            kept = gzip.decompress(reader.get(tile.zoom, tile.x, tile.y))
            assert kept == http("GET", path(",".join(LAYERS), tile)).content
        for corner in ((-12.2, 14.7), (4.2, 16.0), (-5.0, 24.9), (-8.0, 10.2)):
            tile = tile_at(6, *corner)
            assert reader.get(tile.zoom, tile.x, tile.y)
    assert str(header["addressed_tiles_count"]) in done.output


def test_a_zoom_or_a_layer_that_is_none_is_refused(tmp_path, monkeypatch, seeded_url):
    monkeypatch.setenv("LAKANA_DATABASE_URL", seeded_url)
    monkeypatch.setenv("LAKANA_DATA_DIR", str(tmp_path))
    for wrong in (["--zoom", "15"], ["--layers", "nothing"]):
        assert CliRunner().invoke(app, ["tiles", "export", "--out", str(tmp_path / "x"), *wrong]).exit_code != 0
    assert not (tmp_path / "x").exists()
