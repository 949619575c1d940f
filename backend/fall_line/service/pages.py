"""The page: read once, compressed once, served under names that change with their content."""

from __future__ import annotations

import gzip
import mimetypes
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from fastapi import Request
from fastapi.responses import Response

PACKAGE = Path(__file__).parents[1]
IMMUTABLE = "public, max-age=31536000, immutable"
COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg+xml")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors {ancestors}"
)
mimetypes.add_type("application/javascript", ".js")
mimetypes.add_type("font/woff2", ".woff2")


def frontend() -> Path:
    """Return the folder of the page: in the installed package, or beside the backend in a checkout."""
    installed = PACKAGE / "frontend"
    return installed if installed.is_dir() else PACKAGE.parents[1] / "frontend"


def plotly() -> Path:
    """Return plotly.js as it comes with the installed plotly package."""
    found = find_spec("plotly")
    if found is None or found.origin is None:
        raise FileNotFoundError("the plotly package is not installed")
    return Path(found.origin).parent / "package_data" / "plotly.min.js"


@dataclass
class Asset:
    """A file with its compressed form, which is made when first asked for."""

    content: bytes
    media_type: str

    def __post_init__(self) -> None:
        self._lock = Lock()

    @cached_property
    def _compressed(self) -> bytes:
        return gzip.compress(self.content, 9, mtime=0)

    def compressed(self) -> bytes:
        """Return the content, gzipped; slow the first time for large files."""
        with self._lock:
            return self._compressed

    @property
    def compressible(self) -> bool:
        """Whether it is text."""
        return self.media_type.startswith(COMPRESSIBLE)


class Pages:
    """Everything of the page, by its path."""

    def __init__(self) -> None:
        folder = frontend()
        files = {
            path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()
        }
        contents = {name: path.read_bytes() for name, path in files.items()}
        digest = sha256()
        for name, content in contents.items():
            digest.update(name.encode() + b"\0" + content)
        self.plotly_name = f"plotly-{version('plotly')}.min.js"
        self.version = digest.hexdigest()[:16]
        self.assets = {
            f"{self.version}/{name}": Asset(
                content, mimetypes.guess_type(name)[0] or "application/octet-stream"
            )
            for name, content in contents.items()
            if not name.endswith(".html")
        }
        self.assets[self.plotly_name] = Asset(plotly().read_bytes(), "application/javascript")
        self.documents = {
            name: Asset(self._addressed(content), "text/html")
            for name, content in contents.items()
            if name.endswith(".html")
        }

    def _addressed(self, page: bytes) -> bytes:
        return page.replace(b"{assets}", f"assets/{self.version}".encode()).replace(
            b"{plotly}", f"assets/{self.plotly_name}".encode()
        )

    def prepare(self) -> None:
        """Compress everything ahead of the first reader, who waits for the largest file last."""
        for asset in self.assets.values():
            if asset.compressible:
                asset.compressed()

    def page(self, name: str, request: Request, *, framed: bool = False) -> Response:
        """Return an HTML page; ``framed`` ones may be embedded anywhere."""
        ancestors = "*" if framed else "'none'"
        headers = {
            "content-security-policy": POLICY.format(ancestors=ancestors),
            "cache-control": "no-cache",
            "referrer-policy": "no-referrer",
        }
        return self._answer(self.documents[name], request, headers)

    def asset(self, name: str, request: Request) -> Response | None:
        """Return a file of the page, or None if there is none of that name."""
        found = self.assets.get(name)
        return None if found is None else self._answer(found, request, {"cache-control": IMMUTABLE})

    def _answer(self, asset: Asset, request: Request, headers: dict[str, str]) -> Response:
        headers = {**headers, "x-content-type-options": "nosniff"}
        content = asset.content
        if asset.compressible:
            headers["vary"] = "accept-encoding"
            if "gzip" in request.headers.get("accept-encoding", ""):
                headers["content-encoding"] = "gzip"
                content = asset.compressed()
        return Response(content, headers=headers, media_type=asset.media_type)
