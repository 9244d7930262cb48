"""Pages about campaigns, backers and rounds."""

from fastapi import APIRouter

router = APIRouter()
