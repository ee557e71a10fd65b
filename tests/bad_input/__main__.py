"""``cd tests && python -m bad_input`` writes docs/bad-input.md."""

from bad_input.case import gather_cases
from bad_input.page import PAGE, render_page

PAGE.parent.mkdir(exist_ok=True)
PAGE.write_bytes(render_page(gather_cases()).encode())
