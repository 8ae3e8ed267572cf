"""ShipCaptainCrew's app over whatever ports it is given."""

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from lambdas.service.application import bare_app
from lambdas.service.refusals import UnavailableError, unavailable_answer
from lambdas.shipcaptaincrew import crew_routes, operator_routes, upload_routes
from lambdas.shipcaptaincrew.pages import HEADERS, busy_page
from lambdas.shipcaptaincrew.ports import Ports, Service


def create_app(ports: Ports) -> FastAPI:
    """Return the app; nothing is asked of its ports before the first request."""
    app = bare_app("ShipCaptainCrew")
    app.state.service = Service(ports)
    app.include_router(operator_routes.router)
    app.include_router(crew_routes.router)
    app.include_router(upload_routes.router)

    @app.exception_handler(UnavailableError)
    async def unavailable(request: Request, fault: UnavailableError) -> Response:
        answer = unavailable_answer(fault)
        if not request.url.path.startswith("/crew/"):
            return answer
        return HTMLResponse(busy_page(), answer.status_code, headers={**HEADERS, "Retry-After": "2"})

    return app
