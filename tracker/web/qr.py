"""Square codes for the camera of a phone, drawn within the page."""

import segno
from markupsafe import Markup


def square_code(text: str) -> Markup:
    """`text` as a drawing; dark on white whatever the page's colours."""
    drawn = segno.make(text, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=5, light="#fff", svgclass="qr", lineclass=None))
