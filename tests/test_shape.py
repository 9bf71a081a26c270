"""Rules of the code that no linter knows, read from its syntax trees."""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

PACKAGE: Final = Path(__file__).resolve().parent.parent / "src" / "kefu"
LOG_METHODS: Final = {"debug", "info", "warning", "error", "exception", "critical", "bind"}
TEXT_OF_PEOPLE: Final = {"text", "body", "preview", "message_text"}
SQL_CALLS: Final = {"text", "execute", "exec_driver_sql", "executemany", "executescript", "DDL"}


def test_only_the_guard_and_the_column_type_make_safe_text() -> None:
    makers = {"kefu.core.text", "kefu.storage.types"}
    strangers = _modules_naming("made_safe", "_MAKERS") - makers
    assert {name for name in strangers if not name.startswith("kefu.guard")} == set()


def test_only_the_filter_in_reads_makes_public_events() -> None:
    assert _modules_naming("_FILTER") <= {"kefu.core.records", "kefu.reads.public"}


def test_no_module_prints_or_logs_what_people_write() -> None:
    assert [*_places(lambda call: _logs(call) and any(map(_holds_text, _arguments(call))))] == []


def test_no_sql_is_put_together_from_strings() -> None:
    assert [*_places(lambda call: _callee(call) in SQL_CALLS and _is_built(call))] == []


@pytest.mark.parametrize(
    "source",
    [
        "log.info('kept', text=inbound.text)",
        "log.warning('kept', preview=row.preview)",
        "log.error(f'failed: {message.text}')",
        "print(event.text.value)",
        "self._log.bind(said=str(text))",
    ],
)
def test_a_log_line_with_text_would_be_found(source: str) -> None:
    call = next(_calls(ast.parse(source)))
    assert _logs(call)
    assert any(map(_holds_text, _arguments(call)))


@pytest.mark.parametrize(
    "source",
    [
        "sa.text(f'SELECT {column}')",
        "connection.execute('DELETE FROM ' + table)",
        "exec_driver_sql('PRAGMA %s' % name)",
        "text('SELECT {}'.format(column))",
    ],
)
def test_built_sql_would_be_found(source: str) -> None:
    calls = [call for call in _calls(ast.parse(source)) if _callee(call) in SQL_CALLS]
    assert any(map(_is_built, calls))


def _logs(call: ast.Call) -> bool:
    if _callee(call) == "print":
        return True
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return _callee(call) in LOG_METHODS and owner is not None and "log" in ast.unparse(owner)


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _holds_text(argument: ast.expr) -> bool:
    """Whether a person's words may reach the value; their length or kind may."""
    if isinstance(argument, ast.Call) and _callee(argument) in {"len", "type", "bool"}:
        return False
    named = isinstance(argument, ast.Name) and argument.id in TEXT_OF_PEOPLE
    owned = isinstance(argument, ast.Attribute) and argument.attr in TEXT_OF_PEOPLE
    parts = (part for part in ast.iter_child_nodes(argument) if isinstance(part, ast.expr))
    return named or owned or any(map(_holds_text, parts))


def _is_built(call: ast.Call) -> bool:
    """Whether the statement is an f-string, a sum, a `%` or a `.format` of strings."""
    statement = call.args[0] if call.args else None
    if isinstance(statement, ast.Call):
        return _callee(statement) == "format"
    return isinstance(statement, ast.JoinedStr | ast.BinOp)


def _callee(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _modules_naming(*names: str) -> set[str]:
    """Return the modules that define, import or use one of names."""
    return {
        module
        for module, tree in _trees().items()
        if any(_name(node) in names for node in ast.walk(tree))
    }


def _name(node: ast.AST) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
            return name
        case ast.FunctionDef(name=name):
            return name
    return None


def _places(is_fault: Callable[[ast.Call], bool]) -> Iterator[str]:
    for module, tree in _trees().items():
        for call in _calls(tree):
            if is_fault(call):
                yield f"{module}:{call.lineno}"


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


@cache
def _trees() -> dict[str, ast.Module]:
    return {
        ".".join(("kefu", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(
            ".__init__"
        ): ast.parse(path.read_text("utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }
