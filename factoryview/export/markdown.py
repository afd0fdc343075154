"""Words of others in Markdown."""

_SPECIAL = str.maketrans({letter: f"\\{letter}" for letter in "\\`*_[]<>#|~"})


def escaped(text: str) -> str:
    r"""A text in which nothing is markup.

    >>> escaped("<b> *x*")
    '\\<b\\> \\*x\\*'
    """
    return text.translate(_SPECIAL)
