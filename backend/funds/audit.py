"""What an audit asks about funds, their partners and the network's board."""

from backend.funds import fund_audit, partner_audit
from backend.kit.checks import Audit

AUDIT = Audit((*fund_audit.CONFIRMS, *partner_audit.CONFIRMS), (*fund_audit.RULES, *partner_audit.RULES))
