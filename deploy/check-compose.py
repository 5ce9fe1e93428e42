"""Reads compose.yaml as far as that goes without Docker, and says what does not fit together.

    python3 check-compose.py HELP

HELP is a file with what `skateboard --help` prints, which has the name of every setting.
"""

import re
import sys
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parent
FILE = FOLDER / "compose.yaml"

text = FILE.read_text()
compose = yaml.safe_load(text)
services = compose["services"]
head = text[: text.index("\nname:")]
settings = set(re.findall(r"\[env: ([A-Z_]+)", Path(sys.argv[1]).read_text()))
wrong = []


def must(condition, sentence):
    if not condition:
        wrong.append(sentence)


must("DATABASE_URL" in settings, "the help names no settings")
# What stands in a comment is no variable.
code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
for variable in sorted(set(re.findall(r"\$\{([A-Z_]+)", code))):
    must(re.search(rf"\b{variable}\b", head), f"the head does not say what {variable} is")

for name in services["skateboard"]["environment"]:
    must(name in settings, f"skateboard has no setting {name}")
caddyfile = (FOLDER / "Caddyfile").read_text()
for name in services["caddy"]["environment"]:
    must(f"{{${name}:" in caddyfile, f"the Caddyfile asks for no {name}")

for service, what in services.items():
    build = what.get("build")
    must(build or what.get("image"), f"{service} has neither image nor build")
    if build:
        context = FOLDER / build["context"]
        must((context / build["dockerfile"]).is_file(), f"{service}: there is no {build['dockerfile']}")
    for volume in what.get("volumes", []):
        source = volume.split(":")[0]
        if source.startswith("."):
            must((FOLDER / source).exists(), f"{service}: there is no {source}")
        else:
            must(source in compose["volumes"], f"{service}: no volume is called {source}")
    for kind, known in [("networks", compose["networks"]), ("depends_on", services)]:
        for name in what.get(kind, []):
            must(name in known, f"{service}: {kind} names {name}, which there is not")

proxy = services["caddy"]["networks"]["front"]["ipv4_address"]
must(services["skateboard"]["environment"]["TRUSTED_PROXIES"] == proxy, "Skateboard does not trust the address that Caddy has")

if wrong:
    sys.exit("compose.yaml:\n  " + "\n  ".join(wrong))
