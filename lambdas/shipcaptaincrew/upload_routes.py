"""`POST /g/PRESIGN`: a page's form for who holds the service key, a file's form for a viewer with a page's ticket."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from lambdas.service.intake import json_body
from lambdas.shipcaptaincrew.ports import Service, require_origin, require_service_key, service, viewer_network
from lambdas.shipcaptaincrew.uploads import FileFormBody, PageFormBody

router = APIRouter()

TheService = Annotated[Service, Depends(service)]


def require_either(request: Request) -> None:
    """Refuse who neither shows a right service key nor came through a distribution."""
    if _by_key(request):
        require_service_key(request)
    else:
        require_origin(request)


async def wish(request: Request) -> PageFormBody | FileFormBody:
    """Read what is wished for: a page's form with the service key, else a file's."""
    return await (json_body(PageFormBody) if _by_key(request) else json_body(FileFormBody))(request)


@router.post("/g/PRESIGN", dependencies=[Depends(require_either)])
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
