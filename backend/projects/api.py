"""Projects, requests, and their money over HTTP."""

from fastapi import APIRouter

from backend.projects import money_api, registry_api

router = APIRouter(prefix="/v1", tags=["projects"])
router.include_router(registry_api.router)
router.include_router(money_api.router)
