"""Lambda inline code: a folder of lambda_src as one file."""

import ast
from pathlib import Path

import pytest

from protected_stream.lambda_code import INLINE
from protected_stream.lambda_code.inline import NotInlined, inline_code
from tests.conftest import CHECKOUT
from tests.lambda_src.inlined import inlined


def written(folder: Path, **modules: str) -> Path:
    """A folder like lambda_src with these modules; "__" in a name is a slash."""
    for name, text in modules.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return folder


@pytest.mark.parametrize("folder", INLINE.values())
def test_it_is_python_with_the_handler_that_lambda_calls(folder: str) -> None:
    code = inline_code(folder)
    assert code.handler == "index.handler"
    assert callable(inlined(folder).handler)
    assert code == inline_code(folder)


def test_spaces_around_operators_are_left_out_but_not_those_in_strings(tmp_path: Path) -> None:
    code = (
        "def handler(a, b):\n"
        "    if not (a and -1 < a[-1]) or a == (1, 2):\n"
        "        return {'a = b': lambda *d: f'{a} = {a - 1}, c'}\n"
        "    return [c if c else -1 for c in a]\n"
    )
    text = inline_code("task", written(tmp_path, task__app=code)).text
    assert "'a = b':lambda*d:f'{a} = {a - 1}, c'" in text
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(code))


def test_simple_statements_are_on_one_line_with_their_header_if_they_are_its_whole_suite(
    tmp_path: Path,
) -> None:
    code = (
        "def handler(a, b):\n"
        "    for c in a:\n"
        "        if c:\n"
        "            return 'a:'\n"
        "    try:\n"
        "        with open(a) as d:\n"
        "            return d.read()\n"
        "    except OSError:\n"
        "        pass\n"
        "    else:\n"
        "        a = ()\n"
        "        return a\n"
        "    if a:\n"
        "        a = ()\n"
        "        a += a\n"
        "        while a:\n"
        "            a = a[1:]\n"
        "    return a\n"
    )
    text = inline_code("task", written(tmp_path, task__app=code)).text
    assert "\n  if c:return 'a:'\n" in text
    assert "\n  with open(a)as d:return d.read()\n except OSError:pass\n" in text
    assert "\n else:a=();return a\n if a:\n" in text
    assert "\n if a:\n  a=();a+=a\n  while a:a=a[1:]\n return" in text
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(code))


@pytest.mark.parametrize("folder", INLINE.values())
def test_every_name_is_found_in_the_sources(folder: str) -> None:
    sources = "".join(path.read_text() for path in (CHECKOUT / "lambda_src").rglob("*.py"))
    for node in ast.walk(ast.parse(inline_code(folder).text)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            assert f"{node.name}(" in sources or f"class {node.name}:" in sources
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert node.value.split("\n")[0] in sources


def test_only_what_the_handler_needs_is_there(tmp_path: Path) -> None:
    sources = written(
        tmp_path,
        task__app='"""Words."""\nimport json\nimport re\nfrom task.near import used\n\n'
        "def handler(event: dict[str, str], _: object) -> str:\n"
        '    """Words."""\n    text: str = used(event)  # words\n    return json.dumps(text)\n',
        task__near="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import boto3\n"
        "LIMIT = 3\nUNUSED = 4\n\n"
        "def used(event):\n    return event[:LIMIT]\n\ndef unused():\n    return UNUSED\n",
    )
    assert inline_code("task", sources).text == (
        "# lambda_src/task\nimport json\nLIMIT=3\ndef used(a):return a[:LIMIT]\n"
        "def handler(a,b):c=used(a);return json.dumps(c)\n"
    )


def test_the_fields_of_a_dataclass_are_kept(tmp_path: Path) -> None:
    sources = written(
        tmp_path,
        task__app="from dataclasses import dataclass\n\n@dataclass\nclass Point:\n"
        '    """Words."""\n    x: int\n    """More."""\n    y: int = 2\n\n'
        "def handler(event, _):\n    return Point(x=1).y\n",
    )
    text = inline_code("task", sources).text
    assert "class Point:x:int;y:int=2\n" in text
    made: dict[str, object] = {}
    exec(text, made)  # noqa: S102 - ours
    assert made["handler"]({}, None) == 2  # type: ignore[operator]  # a function


@pytest.mark.parametrize(
    ("app", "says"),
    [
        ("import task.near\n", "line 1: import it with"),
        ("from task import near\n", "line 1: import it with"),
        ("from task.near import used as other\n", "line 1: import it with"),
        (
            "from task.near import used\n\ndef used():\n    pass\n",
            "used is also defined in task.near",
        ),
        ("from json import dump as used\n", "dump needs a unique name"),
        ("from json import dump\nfrom pickle import dump\n", "dump needs a unique name"),
        ("import json\n\ndef json():\n    pass\n", "json needs a unique name"),
        ("print('imported')\n", "define functions, classes and values only"),
        ("ONE, TWO = 1, 2\n", "define functions, classes and values only"),
        ("def handler(e, _):\n    return f\"{e['a']}\"\n", "in the f-string to a name first"),
    ],
)
def test_code_that_one_file_cannot_contain_is_rejected(tmp_path: Path, app: str, says: str) -> None:
    sources = written(tmp_path, task__app=app, task__near="def used():\n    return 1\n")
    with pytest.raises(NotInlined, match=says):
        inline_code("task", sources)
