"""The service: the API and the page in one process."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import CapacityLimiter, create_task_group, to_thread
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from fall_line import __version__
from fall_line.service import answers, api, examples, problems
from fall_line.service.pages import Pages

MAX_ADDRESS = 32 * 1024


def create_app() -> FastAPI:
    """Return the service with its page."""
    pages = Pages()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with create_task_group() as tasks:
            tasks.start_soon(to_thread.run_sync, answers.schema)
            tasks.start_soon(to_thread.run_sync, pages.prepare)
            yield

    app = FastAPI(
        title="Fall Line",
        version=__version__,
        summary="Optimizers race down a loss landscape.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.workers = CapacityLimiter(os.cpu_count() or 1)
    app.include_router(api.router)
    _serve(app, pages)
    problems.install(app)
    app.add_middleware(ShortAddresses)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "POST"],
        allow_headers=["*"],
        expose_headers=["ETag", "Retry-After"],
    )
    # FastAPI's documented way to replace its description, which a type checker takes for a slip.
    setattr(app, "openapi", examples.openapi(app, *api.documented))  # noqa: B010 - mypy refuses the assignment
    return app


class ShortAddresses:
    """Refuses an address that is longer than caches and proxies pass on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 414, or pass the request on."""
        answer: ASGIApp = self.app
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string", b"")) > MAX_ADDRESS:
            answer = problems.response(problems.problem(414, "the address is too long; POST the document"))
        await answer(scope, receive, send)


def _serve(app: FastAPI, pages: Pages) -> None:
    """Add the page, its embeddable form, the documentation and their files."""

    @app.get("/", include_in_schema=False)
    def page(request: Request) -> Response:
        return pages.page("index.html", request)

    @app.get("/embed", include_in_schema=False)
    def embed(request: Request) -> Response:
        return pages.page("index.html", request, framed=True)

    @app.get("/docs", include_in_schema=False)
    def docs(request: Request) -> Response:
        return pages.page("docs.html", request)

    @app.get("/assets/{name:path}", include_in_schema=False)
    def asset(name: str, request: Request) -> Response:
        found = pages.asset(name, request)
        if found is None:
            raise HTTPException(404)
        return found
