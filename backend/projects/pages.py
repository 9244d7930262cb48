"""Pages of the domain."""

from fastapi import APIRouter

from backend.projects import money_pages, registry_pages

router = APIRouter()
router.include_router(registry_pages.router)
router.include_router(money_pages.router)
