"""One mapping of a course's YAML file, read field by field, each error with its file and line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import yaml

#: The same YAML, read ten times faster where the C library is there.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CourseError(ValueError):
    """A course cannot be used. Says which file, which line and what is the matter."""

    def __init__(self, file: Path, line: int, what: str) -> None:
        """Tell of `file`, its `line` (from 1; 0 for the file as a whole) and `what` is wrong."""
        self.file, self.line, self.what = file, line, what
        place = f"{file.name}, line {line}" if line else file.name
        super().__init__(f"{file.parent.name}/{place}: {what}")


class Entry:
    """A mapping of a YAML file. Every field is taken once; `done` refuses what is left over."""

    def __init__(self, file: Path, node: yaml.Node, name: str = "") -> None:
        """Read the mapping at `node` of `file`. `name` is what errors call it."""
        self.file, self.line, self.name = file, node.start_mark.line + 1, name
        self._fields: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        if not isinstance(node, yaml.MappingNode):
            raise self.error("fields are expected here, as `name: value`")
        for key, value in node.value:
            field = str(key.value)
            if field in self._fields:
                raise self.error(f"the field {field} stands here twice", key)
            self._fields[field] = (key, value)

    def error(self, what: str, at: yaml.Node | None = None) -> CourseError:
        """An error of this entry, or of the field at a node."""
        line = at.start_mark.line + 1 if at else self.line
        return CourseError(self.file, line, f"{self.name}: {what}" if self.name else what)

    def has(self, field: str) -> bool:
        """Whether the field is given."""
        return field in self._fields

    def text(self, field: str) -> str:
        """A text that is not empty."""
        node = self._take(field)
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.error(f"{field} must be a text", node)
        return str(node.value).strip()

    def code(self, field: str = "code") -> str:
        """A short name: lower-case letters, digits and hyphens, at most 40."""
        node = self._fields.get(field, (None, None))[1]
        text = self.text(field)
        if not text.replace("-", "").isascii() or not text.replace("-", "").isalnum():
            raise self.error(f"{field} must be letters, digits and hyphens: {text!r}", node)
        if text != text.lower() or len(text) > 40:
            raise self.error(f"{field} must be lower case and at most 40 long: {text!r}", node)
        return text

    def choice(self, field: str, allowed: Sequence[str]) -> str:
        """One of the texts allowed."""
        node = self._fields.get(field, (None, None))[1]
        text = self.text(field)
        if text not in allowed:
            raise self.error(f"{field} must be one of {', '.join(allowed)}, not {text!r}", node)
        return text

    def whole(self, field: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        node = self._take(field)
        value = self._plain(node)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.error(f"{field} must be a whole number from {low} to {high}", node)
        return value

    def share(self, field: str) -> float:
        """A share, more than 0 and at most 1."""
        node = self._take(field)
        value = self._plain(node)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
            raise self.error(f"{field} must be a share, more than 0 and at most 1", node)
        return float(value)

    def flag(self, field: str, default: bool | None = None) -> bool:
        """True or false."""
        if default is not None and field not in self._fields:
            return default
        node = self._take(field)
        value = self._plain(node)
        if not isinstance(value, bool):
            raise self.error(f"{field} must be true or false", node)
        return value

    def day(self, field: str) -> date:
        """A day, as 2026-11-25."""
        node = self._take(field)
        value = self._plain(node)
        if type(value) is not date:
            raise self.error(f"{field} must be a day, as 2026-11-25", node)
        return value

    def listed(self, field: str) -> tuple[str, ...]:
        """A list of texts, none twice."""
        node = self._take(field)
        if not isinstance(node, yaml.SequenceNode) or not all(
            isinstance(each, yaml.ScalarNode) for each in node.value
        ):
            raise self.error(f"{field} must be a list, as [one, two]", node)
        texts = tuple(str(each.value) for each in node.value)
        if len(set(texts)) != len(texts):
            raise self.error(f"{field} names something twice", node)
        return texts

    def words(self, field: str, languages: Sequence[str]) -> dict[str, str]:
        """The same words in each of the languages, and in no other."""
        return self._in_languages(self._take(field), field, languages)

    def options(self, field: str, languages: Sequence[str]) -> tuple[dict[str, str], ...]:
        """A list of answers to choose from, two or more, each in each of the languages."""
        node = self._take(field)
        if not isinstance(node, yaml.SequenceNode) or len(node.value) < 2:
            raise self.error(f"{field} must list two answers or more", node)
        return tuple(
            self._in_languages(each, f"{field} {number}", languages)
            for number, each in enumerate(node.value, 1)
        )

    def done(self) -> None:
        """Refuse a field that nobody took: it is misspelled, or not one of ours."""
        for field, (key, _value) in self._fields.items():
            raise self.error(f"there is no field {field}", key)

    def _in_languages(
        self, node: yaml.Node, field: str, languages: Sequence[str]
    ) -> dict[str, str]:
        inner = Entry(self.file, node, " ".join(filter(None, [self.name, field])))
        for language in languages:
            if not inner.has(language):
                raise inner.error(f"the language {language} is missing")
        told = {language: inner.text(language) for language in languages}
        inner.done()
        return told

    def _take(self, field: str) -> yaml.Node:
        if field not in self._fields:
            raise self.error(f"the field {field} is missing")
        return self._fields.pop(field)[1]

    @staticmethod
    def _plain(node: yaml.Node) -> object:
        return yaml.SafeLoader("").construct_object(node, deep=True)


def root(file: Path) -> yaml.Node:
    """The document of a YAML file. Aliases are refused. CourseError says what is wrong."""
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise CourseError(file, 0, f"this is not UTF-8: {error.reason}") from None
    except OSError as error:
        raise CourseError(file, 0, f"cannot be read: {error.strerror}") from None
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, _Loader)):
            raise CourseError(file, 0, "aliases (*name) are not used in courses")
        node = yaml.compose(text, _Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error)
        raise CourseError(file, mark.line + 1 if mark else 0, f"this is no YAML: {what}") from None
    if node is None:
        raise CourseError(file, 0, "the file is empty")
    return node


def entries(file: Path, kind: str) -> Iterator[Entry]:
    """The mappings of a file that is a list; `kind` is what errors call each, with its number."""
    node = root(file)
    if not isinstance(node, yaml.SequenceNode):
        raise CourseError(file, node.start_mark.line + 1, "a list is expected, each with `- code:`")
    for number, each in enumerate(node.value, 1):
        yield Entry(file, each, f"{kind} {number}")
