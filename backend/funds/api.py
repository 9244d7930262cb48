"""Funds, their partners and the network's board over HTTP."""

from fastapi import APIRouter

from backend.funds import fund_api

router = APIRouter(prefix="/v1", tags=["funds"])
router.include_router(fund_api.router)
