FROM python:3.11-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/lakana
COPY requirements.lock ./
RUN /opt/lakana/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY geo geo
COPY maps maps
COPY seeds seeds
COPY api api
RUN /opt/lakana/bin/pip install --no-cache-dir --no-deps --no-index --no-build-isolation .
# What only tests and the build need; the service runs without.
RUN /opt/lakana/bin/pip uninstall --yes playwright hypothesis mypy ruff pytest syrupy import-linter grimp setuptools pip

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/lakana --create-home lakana
COPY --from=build /opt/lakana /opt/lakana
USER lakana
WORKDIR /var/lib/lakana
ENV PATH=/opt/lakana/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LAKANA_DATA_DIR=/var/lib/lakana \
    LAKANA_HOST=0.0.0.0 \
    LAKANA_PORT=8000
EXPOSE 8000
VOLUME /var/lib/lakana
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["lakana", "serve"]
