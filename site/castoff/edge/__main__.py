"""Serve the edge of a running cloud: `python -m castoff.edge --facts .castoff/cloud.json --port 8080`."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import uvicorn

from castoff.cloud.problems import CloudError
from castoff.edge.server import Application
from castoff.edge.sites import CloudSites


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; 1 when there is no cloud to serve."""
    options = _parser().parse_args(arguments)
    sites = CloudSites(options.facts)
    try:
        running = sites()
    except CloudError as problem:
        return _said(str(problem))
    if not running:
        return _said(f"{options.facts}: no cloud is running\n  hint: start it with `castoff cloud`")
    logging.basicConfig(level=logging.INFO if options.access_log else logging.WARNING, format="%(message)s")
    config = uvicorn.Config(
        Application(sites),
        host="127.0.0.1",
        port=options.port,
        access_log=False,
        lifespan="off",
        log_config=None,
        proxy_headers=False,
        server_header=False,
    )
    uvicorn.Server(config).run()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="castoff.edge", description="CloudFront's data plane in small.")
    parser.add_argument("--facts", type=Path, default=Path(".castoff/cloud.json"), help="the cloud's facts")
    parser.add_argument("--port", type=int, default=8080, help="where to listen, on 127.0.0.1")
    parser.add_argument("--access-log", action="store_true", help="a line per request, without its query")
    return parser


def _said(words: str) -> int:
    sys.stderr.write(words + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
