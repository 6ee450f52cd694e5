"""Fails if a relative link of README.md, CHANGELOG.md or docs/ leads nowhere, or if a page of docs/
is linked from no other. Argument: the root."""

import re
import sys
from pathlib import Path


def without_code(text):
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)


def anchors(text):
    names = set()
    for heading in re.findall(r"^#+ (.*)$", re.sub(r"```.*?```", "", text, flags=re.S), re.M):
        plain = re.sub(r"[^\w\- ]", "", heading.lower())
        names.add(plain.replace(" ", "-"))
    return names


def main():
    root = Path(sys.argv[1]).resolve()
    pages = [root / "README.md", root / "CHANGELOG.md", *sorted((root / "docs").rglob("*.md"))]
    linked, complaints = set(), []
    for page in pages:
        for link in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text())):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            place = f"{page.relative_to(root)}: {link}"
            if not target.exists():
                complaints.append(f"{place} leads nowhere")
            elif anchor and anchor not in anchors(target.read_text()):
                complaints.append(f"{place} has no such heading")
            if target != page:
                linked.add(target)
    for page in pages[2:]:
        if page not in linked:
            complaints.append(f"{page.relative_to(root)} is linked from no page")
    print("\n".join(complaints) or f"{len(pages)} pages, all links lead somewhere")
    return 1 if complaints else 0


sys.exit(main())
