"""Pages of the domain. Those with a fixed address come before `/funds/{address}`."""

from fastapi import APIRouter

from backend.funds import fund_pages, launch_pages

router = APIRouter()
router.include_router(launch_pages.router)
router.include_router(fund_pages.router)
