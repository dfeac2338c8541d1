"""Rows of other tables inside one column, so that a page and all that hangs on it is one SELECT."""

from typing import Any

from sqlalchemy import JSON, ScalarSelect, Select, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


def rows_of(rows: Select[*tuple[Any, ...]]) -> ScalarSelect[Any]:
    """These rows, in their order, as one value: a list of lists, None or empty without any.

    Moments come as text, as the database writes them.
    """
    beside = rows.subquery()
    return select(_listed(*beside.c)).scalar_subquery()


class _listed(FunctionElement[Any]):  # noqa: N801  # named as SQL names functions
    type = JSON()
    inherit_cache = True


@compiles(_listed, "sqlite")
def _on_sqlite(element: _listed, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array(json_array({_columns(element, compiler, **options)}))"


@compiles(_listed, "postgresql")
def _on_postgresql(element: _listed, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_agg(json_build_array({_columns(element, compiler, **options)}))"


def _columns(element: _listed, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)
