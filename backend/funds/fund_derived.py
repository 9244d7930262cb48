"""Derived tables of funds and their holdings. Amounts are base units of the fund's token.

A fund's phase is no column: it follows from these and the time at which one looks (`funds.funds`). Nor are
the hurdle and the fee, which run with time (`waterfall.py`).
"""

from backend.chain.derived import State, Total

RANGE = "block_number BETWEEN %(lo)s AND %(hi)s"
AMOUNT = "numeric(78,0)"


def _touched(columns: str, *facts: str) -> str:
    return " UNION ALL ".join(f"SELECT {columns} FROM {fact} WHERE {RANGE}" for fact in facts)


def _last(fact: str, columns: str, order: str = "DESC", where: str = "true") -> str:
    """The latest fact of each touched fund, or the first."""
    return f"""(
        SELECT DISTINCT ON (f.contract) f.contract, {columns} FROM touched JOIN {fact} f USING (contract)
        WHERE f.block_number <= %(hi)s AND {where}
        ORDER BY f.contract, f.block_number {order}, f.log_index {order}
    )"""


TERMS = {
    "minimum": AMOUNT, "cap": AMOUNT, "final_closing": "bigint", "investment_period": "bigint",
    "life": "bigint", "extension": "bigint", "extensions": "integer", "management_fee": "integer",
    "hurdle": "integer", "catch_up": "integer", "carry": "integer", "escrow": "integer",
}  # fmt: skip
PARTNER_TERMS = {
    "equalisation": "integer", "call_notice": "bigint", "grace": "bigint", "late_fee": "integer",
    "forfeit": "integer", "mark_term": "bigint",
}  # fmt: skip

FUND = State(
    name="fund",
    key={"contract": "bytea"},
    columns={
        "organisation": "bytea", "token": "bytea", "name": "text", "symbol": "text", "content": "bytea",
        "launched_at": "bigint", "manager": "bytea", "appraiser": "bytea",
        "kinds": "integer", "forms": "integer", "largest_share": "integer", "may_commit": "boolean",
        "cities": "jsonb",  # empty: any
        **TERMS, **PARTNER_TERMS,
        "closed_at": "bigint",  # the first closing, null before
        "finally_closed_at": "bigint",  # by the manager, null before
        "ends_at": "bigint",  # null before the first closing
        "calls": "integer", "called": AMOUNT,  # 10^18ths of every commitment
        "called_before": AMOUNT,  # the last call aside
        "due_at": "bigint",  # of the last call, null before
        "concluded_at": "bigint",
    },
    touched=f"""
        {_touched("fund AS contract", "fund_launched")}
        UNION ALL {_touched(
            "contract", "mandate_set", "fund_terms_set", "partner_terms_set", "manager_replaced",
            "appraiser_replaced", "fund_closed", "capital_called", "life_set", "fund_concluded",
        )}
    """,
    latest=f"""
        SELECT contract, l.organisation, l.token, l.name, l.symbol, l.content, l.block_time AS launched_at,
            m.manager, a.appraiser, d.kinds, d.forms, d.largest_share, d.may_commit, d.cities,
            {", ".join(f"t.{name}" for name in TERMS)}, {", ".join(f"p.{name}" for name in PARTNER_TERMS)},
            c.closed_at, e.finally_closed_at, coalesce(x.ends_at, c.closed_at + t.life) AS ends_at,
            coalesce(k.number, 0) AS calls, coalesce(k.called, 0) AS called,
            coalesce(b.called, 0) AS called_before, k.due_at, z.concluded_at
        FROM touched
        JOIN fund_launched l ON l.fund = contract AND l.block_number <= %(hi)s
        LEFT JOIN {_last("manager_replaced", "f.manager")} m USING (contract)
        LEFT JOIN {_last("appraiser_replaced", "f.appraiser")} a USING (contract)
        LEFT JOIN {_last(
            "mandate_set", "f.kinds, f.forms, f.largest_share, f.may_commit, f.cities"
        )} d USING (contract)
        LEFT JOIN {_last("fund_terms_set", ", ".join(f"f.{name}" for name in TERMS))} t USING (contract)
        LEFT JOIN {_last(
            "partner_terms_set", ", ".join(f"f.{name}" for name in PARTNER_TERMS)
        )} p USING (contract)
        LEFT JOIN {_last("fund_closed", "f.block_time AS closed_at", "ASC")} c USING (contract)
        LEFT JOIN {_last("fund_closed", "f.block_time AS finally_closed_at", where="f.finally")} e
            USING (contract)
        LEFT JOIN {_last("life_set", "f.ends_at")} x USING (contract)
        LEFT JOIN {_last("capital_called", "f.number, f.called, f.due_at")} k USING (contract)
        LEFT JOIN (
            SELECT contract, number + 1 AS number, called FROM capital_called WHERE block_number <= %(hi)s
        ) b USING (contract, number)
        LEFT JOIN {_last("fund_concluded", "f.block_time AS concluded_at", "ASC")} z USING (contract)
    """,
)  # fmt: skip

SUMS = {
    "committed": AMOUNT,  # of partners who are not in default
    "contributed": AMOUNT,  # capital paid in
    "units": AMOUNT,  # that there are
    "premiums": AMOUNT,  # of later partners, credited to the units that were there
    "late_fees": AMOUNT,
    "cash": AMOUNT,  # not invested, not credited to anybody
    "invested": AMOUNT,  # put in holdings and not withdrawn
    "collected": AMOUNT,  # from holdings
    "cost": AMOUNT,  # of all holdings
    "gains": AMOUNT,
    "losses": AMOUNT,
    "fees": AMOUNT,  # management fees taken
    "to_partners": AMOUNT,  # distributed
    "to_organisation": AMOUNT,  # carry, escrow included, less what was returned
    "returned": AMOUNT,  # carry, by whoever paid it back
    "claimed": AMOUNT,  # by partners, premiums included
    "credited": AMOUNT,  # fees and carry taken out by manager and organisation
}


def _sums(fact: str, **values: str) -> str:
    columns = ", ".join(f"{values.get(name, '0')} AS {name}" for name in SUMS)
    return f"SELECT contract, {columns} FROM {fact} WHERE {RANGE}"


FUND_SUM = Total(
    name="fund_sum",
    key={"contract": "bytea"},
    sums=SUMS,
    delta=" UNION ALL ".join(
        (
            _sums(
                "capital_committed", committed="amount", contributed="capital", units="capital",
                cash="capital", premiums="premium",
            ),
            _sums("commitment_withdrawn", committed="-amount"),
            _sums("partner_defaulted", committed="-commitment", units="-units"),
            _sums(
                "call_paid", contributed="amount", units="amount", cash="amount + late_fee",
                late_fees="late_fee", gains="late_fee",
            ),
            _sums("invested", cash="-amount", invested="amount", cost="amount"),
            _sums(
                "investment_withdrawn", cash="amount", invested="-amount", cost="-cost",
                gains="amount - cost",
            ),
            _sums(
                "fund_paid", cash="-amount - expense", invested="amount", cost="amount", losses="expense"
            ),
            _sums(
                "proceeds_collected", cash="amount", collected="amount", cost="-cost - loss",
                gains="amount - cost", losses="loss",
            ),
            _sums("holding_written_off", cost="-cost", losses="cost"),
            _sums("fee_taken", cash="-amount", fees="amount"),
            _sums(
                "proceeds_distributed", cash="-amount", to_partners="amount - carry", to_organisation="carry"
            ),
            _sums("fund_concluded", to_partners="from_escrow", to_organisation="-from_escrow"),
            _sums("carry_returned", to_partners="amount", to_organisation="-amount", returned="amount"),
            _sums("distribution_claimed", claimed="amount"),
            _sums("credit_taken", credited="amount"),
        )
    ),
)  # fmt: skip

_MOVE = {
    "put": "0", "back": "0", "principal": "0", "commitment": "0", "cost": "0", "gain": "0", "loss": "0",
}  # fmt: skip


def _move(fact: str, holding: str, **values: str) -> str:
    columns = ", ".join(f"{values.get(name, zero)} AS {name}" for name, zero in _MOVE.items())
    return f"""
        SELECT contract, f.{holding} AS holding, f.block_number, f.log_index, f.block_time, {columns}
        FROM touched k JOIN {fact} f USING (contract)
        WHERE f.{holding} = k.holding AND f.block_number <= %(hi)s
    """


_MOVES = " UNION ALL ".join(
    (
        _move("invested", "campaign", put="f.amount", principal="f.amount", cost="f.amount"),
        _move(
            "investment_withdrawn", "campaign", put="-f.amount", principal="-f.amount",
            cost="-f.cost", gain="f.amount - f.cost",
        ),
        _move("fund_committed", "fund", commitment="f.amount"),
        _move("fund_paid", "fund", put="f.amount", principal="f.amount", cost="f.amount", loss="f.expense"),
        _move(
            "proceeds_collected", "holding", back="f.amount", principal="-f.principal",
            cost="-f.cost - f.loss", gain="f.amount - f.cost", loss="f.loss",
        ),
        _move("holding_written_off", "holding", cost="-f.cost", loss="f.cost"),
    )
)  # fmt: skip

HOLDING = State(
    name="fund_holding",
    key={"contract": "bytea", "holding": "bytea"},
    columns={
        "is_fund": "boolean",
        "project_id": "bigint",  # null of a fund
        "principal": AMOUNT,  # put in and neither withdrawn nor refunded
        "commitment": AMOUNT,  # to a fund
        "invested": AMOUNT,  # put in and not withdrawn
        "collected": AMOUNT,
        "cost": AMOUNT,
        "gains": AMOUNT, "losses": AMOUNT,
        "value": AMOUNT,  # cost where it was never marked
        "marked_as_of": "bigint",  # null where it was never marked
        "company": AMOUNT,  # the latest that was said, null: nothing
        "since": "bigint",  # when money first went in, or was committed
    },
    touched=" UNION ALL ".join(
        f"SELECT contract, {holding} AS holding FROM {fact} WHERE {RANGE}"
        for fact, holding in {
            "invested": "campaign", "investment_withdrawn": "campaign", "fund_committed": "fund",
            "fund_paid": "fund", "proceeds_collected": "holding", "holding_written_off": "holding",
            "holding_marked": "holding",
        }.items()
    ),
    latest=f"""
        WITH move AS ({_MOVES}), sums AS (
            SELECT contract, holding, sum(principal) - least(0, min(upto)) AS principal,
                sum(commitment) AS commitment,
                sum(put) AS invested, sum(back) AS collected, sum(cost) AS cost, sum(gain) AS gains,
                sum(loss) AS losses, min(block_time) AS since
            FROM (
                SELECT *, sum(principal) OVER (
                    PARTITION BY contract, holding ORDER BY block_number, log_index
                ) AS upto FROM move
            ) m GROUP BY contract, holding
        ), mark AS (
            SELECT DISTINCT ON (contract, holding) contract, holding, as_of
            FROM touched JOIN holding_marked USING (contract, holding) WHERE block_number <= %(hi)s
            ORDER BY contract, holding, block_number DESC, log_index DESC
        ), company AS (
            SELECT DISTINCT ON (contract, holding) contract, holding, company
            FROM touched JOIN holding_marked USING (contract, holding)
            WHERE block_number <= %(hi)s AND company > 0
            ORDER BY contract, holding, block_number DESC, log_index DESC
        ), said AS (
            SELECT DISTINCT ON (contract, holding) * FROM (
                SELECT contract, holding, block_number, log_index, value
                FROM touched JOIN holding_marked USING (contract, holding)
                UNION ALL SELECT contract, holding, block_number, log_index, 0
                FROM touched JOIN holding_written_off USING (contract, holding)
                UNION ALL SELECT contract, holding, block_number, log_index, 0
                FROM touched JOIN proceeds_collected USING (contract, holding) WHERE principal > 0
            ) v WHERE block_number <= %(hi)s
            ORDER BY contract, holding, block_number DESC, log_index DESC
        ), since AS (
            SELECT contract, holding, sum(m.put - m.back) OVER (
                PARTITION BY contract, holding ORDER BY m.block_number, m.log_index
            ) AS upto, m.put - m.back AS change
            FROM move m JOIN said s USING (contract, holding)
            WHERE (m.block_number, m.log_index) > (s.block_number, s.log_index)
        ), worth AS (
            SELECT contract, holding,
                s.value + coalesce(sum(c.change), 0)
                    - least(0, s.value + coalesce(min(c.upto), 0)) AS value
            FROM said s LEFT JOIN since c USING (contract, holding) GROUP BY contract, holding, s.value
        )
        SELECT contract, holding, p.project_id IS NULL AS is_fund, p.project_id, s.principal, s.commitment,
            s.invested, s.collected, s.cost, s.gains, s.losses,
            CASE WHEN m.as_of IS NULL THEN s.cost ELSE w.value END AS value,
            m.as_of AS marked_as_of, c.company, s.since
        FROM sums s LEFT JOIN worth w USING (contract, holding) LEFT JOIN mark m USING (contract, holding)
        LEFT JOIN company c USING (contract, holding)
        LEFT JOIN (
            SELECT contract, campaign AS holding, min(project_id) AS project_id
            FROM touched k JOIN invested i USING (contract)
            WHERE i.campaign = k.holding AND i.block_number <= %(hi)s GROUP BY 1, 2
        ) p USING (contract, holding)
    """,
)  # fmt: skip

DERIVED = (FUND, FUND_SUM, HOLDING)
