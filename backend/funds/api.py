"""Funds, their partners and the network's board over HTTP."""

from fastapi import APIRouter

from backend.funds import board_api, fund_api, partner_api

router = APIRouter(prefix="/v1", tags=["funds"])
router.include_router(fund_api.router)
router.include_router(partner_api.router)
router.include_router(board_api.router)
