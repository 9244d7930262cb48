"""Pages about funds."""

from fastapi import APIRouter

router = APIRouter()
