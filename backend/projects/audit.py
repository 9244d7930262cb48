"""What an audit asks about projects and their money."""

from backend.kit.checks import Audit
from backend.projects import money_audit, registry_audit

AUDIT = Audit(
    (*registry_audit.CONFIRMS, *money_audit.CONFIRMS),
    (*registry_audit.RULES, *money_audit.RULES),
)
