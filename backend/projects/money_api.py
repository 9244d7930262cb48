"""Campaigns, backers and rounds over HTTP."""

from fastapi import APIRouter

router = APIRouter()
