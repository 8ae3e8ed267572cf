"""An app without routes: everything that both services answer in the same way."""

from fastapi import FastAPI

from lambdas.service.intake import BodyLimit
from lambdas.service.patience import Patience
from lambdas.service.refusals import answer_refusals


def bare_app(title: str) -> FastAPI:
    """Return an app that bounds bodies and time, answers refusals as JSON, and shows no documentation of itself."""
    app = FastAPI(title=title, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.add_middleware(BodyLimit)
    app.add_middleware(Patience)
    answer_refusals(app)
    return app
