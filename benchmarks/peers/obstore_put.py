"""The least that uploads a folder with obstore: `python obstore_put.py FOLDER ENDPOINT BUCKET`; nothing is compared."""

from __future__ import annotations

import asyncio
import mimetypes
import os
import sys
from pathlib import Path

import obstore
from obstore.store import S3Store

AT_ONCE = 256


async def main(folder: Path, files: list[Path], endpoint: str, bucket: str) -> None:
    """Put every file."""
    store = S3Store(bucket, endpoint=endpoint, client_options={"allow_http": True})
    free = asyncio.Semaphore(AT_ONCE)

    async def put(path: Path) -> None:
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        async with free:
            await obstore.put_async(store, str(path.relative_to(folder)), path, attributes={"Content-Type": kind})

    await asyncio.gather(*map(put, files))


if __name__ == "__main__":
    root = Path(sys.argv[1])
    asyncio.run(main(root, [path for path in root.rglob("*") if path.is_file()], *sys.argv[2:]))
    os._exit(0)  # now and then one of obstore's threads still lets go of a result once Python has gone, and aborts
