"""ShipCaptainCrew's app over whatever ports it is given."""

from fastapi import FastAPI

from lambdas.service.application import bare_app
from lambdas.service.discretion import Discretion
from lambdas.shipcaptaincrew import crew_routes, mail_routes, operator_routes, upload_routes
from lambdas.shipcaptaincrew.error_pages import ErrorPages
from lambdas.shipcaptaincrew.ports import Ports, Service


def create_app(ports: Ports) -> FastAPI:
    """Return the app; nothing is asked of its ports before the first request."""
    app = bare_app("ShipCaptainCrew")
    app.state.service = Service(ports)
    app.include_router(operator_routes.router)
    app.include_router(mail_routes.router)
    app.include_router(crew_routes.router)
    app.include_router(upload_routes.router)
    # Last, and so outside of all others: what those refuse is said by a page, and none of their queries is logged.
    app.add_middleware(ErrorPages)
    app.add_middleware(Discretion)
    return app
