"""ShipCaptainCrew's app over whatever ports it is given."""

from fastapi import FastAPI

from lambdas.service.application import bare_app
from lambdas.shipcaptaincrew import crew_routes, operator_routes
from lambdas.shipcaptaincrew.ports import Ports, Service


def create_app(ports: Ports) -> FastAPI:
    """Return the app; nothing is asked of its ports before the first request."""
    app = bare_app("ShipCaptainCrew")
    app.state.service = Service(ports)
    app.include_router(operator_routes.router)
    app.include_router(crew_routes.router)
    return app
