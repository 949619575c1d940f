"""The calls of the API, thinly over the engine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Annotated, Any, Literal, TypeVar

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import ValidationError

from fall_line import __version__
from fall_line.clouds import GradientsRequest
from fall_line.experiment import Experiment
from fall_line.landscape import EvaluationRequest, LandscapeRequest
from fall_line.narration import UpdateRequest
from fall_line.predictions import ModelRequest
from fall_line.scenes import Scene
from fall_line.service import answers, documents, examples
from fall_line.service.answers import ScheduleRequest
from fall_line.service.problems import ProblemError, problem, validation_problem
from fall_line.tables import TableRequest

JSON = "application/json"
JSON_LINES = "application/jsonl"
Result = TypeVar("Result")
Arrays = Annotated[
    Literal["base64", "lists"],
    Query(description="How a grid is written: lists of numbers, or base64 as Plotly reads it."),
]
State = Annotated[bool, Query(description="Whether to list the optimizers' memory by name, as state.")]
Address = Annotated[
    str, Query(description="The experiment's JSON in base64url.", examples=[examples.ADDRESS])
]
LectureName = Annotated[str, Path(description="The name of a lecture.", examples=["gradient-descent"])]
SceneName = Annotated[str, Path(description="The name of one of its scenes.", examples=["the-bowl"])]

router = APIRouter(prefix="/api")
documented = (
    Experiment,
    LandscapeRequest,
    EvaluationRequest,
    ModelRequest,
    GradientsRequest,
    ScheduleRequest,
    TableRequest,
    UpdateRequest,
    Scene,
)


async def computed(request: Request, function: Callable[..., Result], *args: Any) -> Result:
    """Return what a function computes in a worker thread, of which there are as many as processors."""
    return await to_thread.run_sync(function, *args, limiter=request.app.state.workers)


async def experiment_of(request: Request, data: bytes) -> Experiment:
    """Return the filled-in experiment that a body holds."""
    experiment = documents.parsed(Experiment, data)
    try:
        return await computed(request, experiment.filled)
    except ValidationError as error:
        raise ProblemError(validation_problem(error, data)) from error


async def tagged(request: Request, tag: str, answer: Callable[..., bytes], *args: Any) -> Response:
    """Return a computed JSON answer, or 304 without computing if the reader has it already."""
    unchanged = documents.unchanged(request, tag)
    if unchanged is not None:
        return unchanged
    return Response(await computed(request, answer, *args), headers=documents.tagged(tag), media_type=JSON)


def kept(request: Request, content: bytes) -> Response:
    """Return JSON that is at hand, or 304 if the reader has it already."""
    tag = documents.entity_tag(content.decode())
    unchanged = documents.unchanged(request, tag)
    return unchanged or Response(content, headers=documents.tagged(tag), media_type=JSON)


def streamed(request: Request, events: Iterator[bytes], first: bytes = b"") -> Response:
    """Return an answer that is sent while worker threads compute it; its last line says how that ended."""

    async def lines() -> AsyncIterator[bytes]:
        if first:
            yield first
        try:
            while computed_lines := await computed(request, answers.next_lines, events):
                yield computed_lines
        except ValidationError as error:
            yield answers.line({"type": "error", "problem": validation_problem(error, b"")})
            return
        except Exception:
            wrong = problem(500, "something went wrong on the server")
            yield answers.line({"type": "error", "problem": wrong})
            raise
        yield answers.line({"type": "done"})

    return StreamingResponse(lines(), media_type=JSON_LINES, headers={"cache-control": "no-store"})


async def answered(request: Request, data: bytes, answer: Callable[..., bytes], *args: Any) -> Response:
    """Return a computed JSON answer, or the problem with what it was asked for."""
    try:
        return Response(await computed(request, answer, *args), media_type=JSON)
    except ValidationError as error:
        raise ProblemError(validation_problem(error, data)) from error


@router.post("/run", **examples.call(Experiment, examples.RACE))
async def run(request: Request, state: State = False) -> Response:
    """Follow every descent to its end and answer all trajectories at once."""
    experiment = await experiment_of(request, await documents.body(request))
    tag = documents.entity_tag("run", str(state), experiment.key())
    return await tagged(request, tag, answers.run, experiment, state)


@router.get("/run", **examples.answers())
async def run_from_address(request: Request, experiment: Address, state: State = False) -> Response:
    """The same as POST, for caches and links."""
    read = await experiment_of(request, documents.from_address(experiment))
    tag = documents.entity_tag("run", str(state), read.key())
    return await tagged(request, tag, answers.run, read, state)


@router.post(
    "/run/stream", response_class=StreamingResponse, **examples.call(Experiment, examples.RACE, JSON_LINES)
)
async def run_stream(request: Request) -> Response:
    """Answer the frames of all descents as they are computed, one JSON document a line."""
    experiment = await experiment_of(request, await documents.body(request))
    return streamed(request, answers.run_events(experiment), answers.start(experiment))


@router.post("/run/csv", response_class=Response, **examples.call(Experiment, examples.RACE, "text/csv"))
async def run_csv(request: Request) -> Response:
    """Answer all trajectories as a table with a row per step."""
    experiment = await experiment_of(request, await documents.body(request))
    disposition = {"content-disposition": 'attachment; filename="trajectories.csv"'}
    return Response(
        await computed(request, answers.table, experiment), media_type="text/csv", headers=disposition
    )


@router.post("/landscape", **examples.call(LandscapeRequest, examples.MAP))
async def landscape(request: Request, arrays: Arrays = "lists") -> Response:
    """Answer the loss on a grid, with the typeset formula and gradient and the points without slope.

    ``stationary_points`` lists up to 512 minima, maxima and saddles, the lowest first (``flat`` is one of
    which rounding hides what it is); ``stationary`` says whether these are all, how many were found, and in
    words why some may be missing.
    """
    data = await documents.body(request)
    wanted = documents.parsed(LandscapeRequest, data)
    tag = documents.entity_tag("landscape", arrays, wanted.model_dump_json())
    try:
        return await tagged(request, tag, answers.landscape, wanted, arrays)
    except ValidationError as error:
        raise ProblemError(validation_problem(error, data)) from error


@router.post(
    "/landscape/stream",
    response_class=StreamingResponse,
    **examples.call(LandscapeRequest, examples.MAP, JSON_LINES),
)
async def landscape_stream(request: Request, arrays: Arrays = "lists") -> Response:
    """Answer the loss on a grid that takes long to compute: lines of progress, then the landscape."""
    wanted = documents.parsed(LandscapeRequest, await documents.body(request))
    return streamed(request, answers.landscape_events(wanted, arrays))


@router.post("/evaluate", **examples.call(EvaluationRequest, examples.POINTS))
async def evaluate(request: Request) -> Response:
    """Answer loss, gradient and curvature at points, and the largest stable learning rate near them.

    What is not defined, or not a finite number, is null.
    """
    data = await documents.body(request)
    return await answered(request, data, answers.evaluation, documents.parsed(EvaluationRequest, data))


@router.post("/update", **examples.call(UpdateRequest, examples.UPDATE))
async def update(request: Request) -> Response:
    """Answer one update of a descent in its steps: gradients, memory, equations with the numbers put in."""
    data = await documents.body(request)
    return await answered(request, data, answers.update, documents.parsed(UpdateRequest, data))


@router.post("/model", **examples.call(ModelRequest, examples.LINE))
async def model(request: Request, arrays: Arrays = "lists") -> Response:
    """Answer what a model made of data says along a descent: curves or boundaries, and each step's batch."""
    data = await documents.body(request)
    return await answered(request, data, answers.model, documents.parsed(ModelRequest, data), arrays)


@router.post("/gradients", **examples.call(GradientsRequest, examples.CLOUD))
async def gradients(request: Request) -> Response:
    """Answer the gradients of many mini-batches at one point, around the gradient of all examples."""
    data = await documents.body(request)
    return await answered(request, data, answers.gradients, documents.parsed(GradientsRequest, data))


@router.post("/table", **examples.call(TableRequest, examples.TABLE))
async def table(request: Request) -> Response:
    """Answer the columns of numbers in a table, as a spreadsheet exports it.

    ``columns`` holds the numbers by name, ``rows`` says how many each has, and ``left_out`` lists the other
    columns with the ``reason``. Delimiter and decimal mark are what the text shows; a number that may be two,
    such as 1.234 where nothing shows the decimal mark, is refused.
    """
    data = await documents.body(request)
    return await answered(request, data, answers.table_of, documents.parsed(TableRequest, data))


@router.post("/schedule", **examples.call(ScheduleRequest, examples.COSINE))
async def schedule(request: Request) -> Response:
    """Answer the learning rates of updates 0 to steps."""
    wanted = documents.parsed(ScheduleRequest, await documents.body(request))
    return Response(await computed(request, answers.rates, wanted), media_type=JSON)


@router.get("/schema", **examples.answers())
async def schema(request: Request) -> Response:
    """Answer the JSON Schema of a scene; every component carries its facts."""
    return await tagged(request, documents.entity_tag("schema"), answers.schema)


@router.post("/scene", **examples.call(Scene, examples.SCENE))
async def scene(request: Request) -> Response:
    """Answer a scene as it was understood, or what is wrong with it: for links, files and their authors."""
    return Response(answers.scene(documents.parsed(Scene, await documents.body(request))), media_type=JSON)


@router.get("/lectures", **examples.answers())
async def lectures(request: Request) -> Response:
    """Answer the lectures and their scenes, with titles."""
    return kept(request, answers.lecture_list())


@router.get("/lectures/{lecture}/{scene}", **examples.answers())
async def lecture_scene(request: Request, lecture: LectureName, scene: SceneName) -> Response:
    """Answer one scene of a lecture."""
    return kept(request, answers.lecture_scene(lecture, scene))


@router.get("/health", **examples.answers())
async def health() -> dict[str, str]:
    """Answer at once that the service is there."""
    return {"status": "ok", "version": __version__}
