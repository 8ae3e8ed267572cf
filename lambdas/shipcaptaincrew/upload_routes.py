"""`POST /g/PRESIGN`: a page's form for who holds the service key, a file's form for a viewer with a page's ticket."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from lambdas.service.intake import json_body
from lambdas.service.promises import answers, needs_key, reads_body, refuses
from lambdas.shipcaptaincrew.answers import FormAnswer
from lambdas.shipcaptaincrew.ports import Service, require_origin, require_service_key, service, viewer_network
from lambdas.shipcaptaincrew.uploads import FileFormBody, PageFormBody

router = APIRouter()

TheService = Annotated[Service, Depends(service)]


@needs_key("X-Service-Key")
@needs_key("X-Castoff-Origin")
@refuses(401, "unauthorized")
@refuses(403, "not_through_the_site")
def require_either(request: Request) -> None:
    """Refuse who neither shows a right service key nor came through a distribution."""
    if _by_key(request):
        require_service_key(request)
    else:
        require_origin(request)


@reads_body(PageFormBody)
@reads_body(FileFormBody)
@refuses(400, "malformed_json")
@refuses(415, "not_json")
@refuses(422, "invalid_field")
async def wish(request: Request) -> PageFormBody | FileFormBody:
    """Read what is wished for: a page's form with the service key, else a file's."""
    return await (json_body(PageFormBody) if _by_key(request) else json_body(FileFormBody))(request)


@router.post("/g/PRESIGN", dependencies=[Depends(require_either)])
@answers(200, FormAnswer)
@refuses(401, "ticket_refused")
@refuses(410, "window_over")
@refuses(422, "window_over", "window_not_open", "type_refused")
@refuses(429, "too_many")
def presign(
    to: TheService, request: Request, body: Annotated[PageFormBody | FileFormBody, Depends(wish)]
) -> JSONResponse:
    """Return an upload form."""
    match body:
        case PageFormBody():
            form = to.uploads.page_form(body)
        case FileFormBody():
            form = to.uploads.file_form(body, network=viewer_network(request))
    return JSONResponse(form.answer(), headers={"Cache-Control": "no-store"})


def _by_key(request: Request) -> bool:
    return "X-Service-Key" in request.headers
