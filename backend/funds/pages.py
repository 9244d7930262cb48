"""Pages of the domain. Those with a fixed address come before `/funds/{address}`."""

from fastapi import APIRouter

from backend.funds import board_pages, desk_pages, fund_pages, launch_pages, partner_pages

router = APIRouter()
router.include_router(launch_pages.router)
router.include_router(desk_pages.router)
router.include_router(fund_pages.router)
router.include_router(partner_pages.router)
router.include_router(board_pages.router)
