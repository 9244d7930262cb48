"""Pages of the domain. Those with a fixed address come before `/funds/{address}`."""

from fastapi import APIRouter

from backend.funds import fund_pages

router = APIRouter()
router.include_router(fund_pages.router)
