"""The wire's lists are range scans of their index, whatever they are narrowed to."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from newsapp.wire.cards import Spot, Unread, Wanted, floor_of, scan_of

LISTS = {
    "all": Wanted(),
    "a section": Wanted(facets=("section:7",)),
    "a source": Wanted(facets=("source:7",)),
    "unread": Wanted(unread=Unread(1, 5)),
    "four at once": Wanted(facets=("source:7", "section:7", "section:8", "language:ja")),
    "words": Wanted(words="kobe Москва"),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_one_range_scan_without_sorting(session: Session, name: str) -> None:
    connection = session.connection()
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL enable_bitmapscan = off"))
        session.execute(text("SET LOCAL enable_sort = off"))
    explain = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
    for query in (
        scan_of(LISTS[name], Spot(999, 7), Spot(5, 1)).limit(51),
        floor_of(LISTS[name], Spot(999, 7)),
    ):
        sql = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
        plan = "\n".join(
            map(str, connection.exec_driver_sql(f"{explain} {sql.replace('%', '%%')}"))
        )
        assert "ix_cluster_placements_listing" in plan
        assert "TEMP B-TREE" not in plan and "Sort" not in plan
        assert "SCAN" not in plan.replace("Index Only Scan", "") or "SCAN items" not in plan
        assert "Seq Scan" not in plan
