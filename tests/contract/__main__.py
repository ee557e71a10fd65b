"""``cd tests && python -m contract`` (part of ``make docs``) writes the pages that are rendered from the code."""

from contract.pages import PAGES

for path, render in PAGES.items():
    path.write_bytes(render().encode())
